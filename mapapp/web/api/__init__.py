"""The public interface under /api."""
