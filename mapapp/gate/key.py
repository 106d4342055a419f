"""The secret that the ids of coarsened incidents are made with (serves log → public snapshot)."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Final

from mapapp.domain.problems import StoreUnavailable

KEY_BYTES: Final = 32

#: Its name in a data folder.
KEY_FILE: Final = "gate.key"


class GateKey:
    """The key in a file, made when it is first needed; links hold as long as it is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def alias(self, key: str) -> str:
        """12 letters and digits for an id, always the same, and not to be guessed.

        Raises StoreUnavailable where the key is damaged.
        """
        return hmac.digest(self._key, key.encode(), "sha256").hex()[:12]

    def concealed(self, text: str, beside: str) -> str:
        """A text that only who has the key can read, with `beside`, which differs for each."""
        return self._masked(text.encode(), beside).hex()

    def revealed(self, concealed: str, beside: str) -> str:
        """The text of `concealed`."""
        return self._masked(bytes.fromhex(concealed), beside).decode()

    def _masked(self, text: bytes, beside: str) -> bytes:
        own = hmac.digest(self._key, beside.encode(), "sha512")
        mask = hashlib.shake_256(own).digest(len(text))
        return bytes(a ^ b for a, b in zip(text, mask, strict=True))

    @cached_property
    def _key(self) -> bytes:
        path = self._path
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise StoreUnavailable(f"{path} is damaged; restore it, or remove it for new ids")
        return key
