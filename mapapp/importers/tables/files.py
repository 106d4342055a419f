"""Bytes of a file as they come: packed or not, of what kind and encoding (file → text)."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, cast

from mapapp.domain.problems import InvalidInput

#: A packed file may grow so much: real tables pack 3 to 20 times, a bomb a thousand times.
MAX_RATIO = 200
#: Below this size unpacked no ratio matters.
SAFE_BYTES = 64 * 2**20
#: A workbook has to be unpacked in part to be read at all; a CSV of any size is streamed.
MAX_WORKBOOK_BYTES = 2 * 2**30
#: So much of a file is looked at to find its encoding; a later stray byte sets its row aside.
SCANNED_BYTES = 64 * 2**20

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def check_exists(path: Path) -> None:
    """Raise InvalidInput unless `path` is a readable file with something in it."""
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "is not there"
        raise InvalidInput(f"{path.name} {what}. Name a file to import")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be read ({error.strerror})") from error
    if empty:
        raise InvalidInput(f"{path.name} is empty. Download or save it again")


def beginning(path: Path) -> bytes:
    """The first bytes, unpacked; InvalidInput where a packed file is damaged at its start."""
    try:
        with open_bytes(path) as file:
            return file.read(4096)
    except (EOFError, zlib.error, OSError, zipfile.BadZipFile) as error:
        raise InvalidInput(
            f"{path.name} is a packed file that is damaged or cut off ({error}). Download it again"
        ) from error


def kind_of(path: Path) -> str:
    """`xlsx`, `parquet`, `json` or `delimited`, by content first and by name second."""
    head = beginning(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidInput(
            f"{path.name} is a workbook of old Excel (.xls), or one locked with a password. Save "
            "it as .xlsx without a password, or as CSV, and try again"
        )
    if head.startswith(b"%PDF"):
        raise InvalidInput(f"{path.name} is a PDF. Export the table as CSV or XLSX")
    if head.startswith(b"PK") and _is_workbook(path):
        return "xlsx"
    text = head.lstrip(codecs.BOM_UTF8).lstrip()
    if text[:1] in (b"{", b"["):
        return "json"
    if text[:5].lower() in (b"<html", b"<!doc"):
        raise InvalidInput(
            f"{path.name} is a web page, not a table: the download may have shown a login or an "
            "error. Open it in a browser to see, and download again"
        )
    return "delimited"


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return "[Content_Types].xml" in packed.namelist()
    except zipfile.BadZipFile as error:
        raise InvalidInput(
            f"{path.name} is a ZIP or XLSX file that is damaged or cut off ({error}). "
            "Download or save it again"
        ) from error


def check_workbook(path: Path) -> None:
    """Raise InvalidInput for a workbook that unpacks to absurd sizes (a zip bomb) or is damaged."""
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed_size = max(1, path.stat().st_size)
    if unpacked > MAX_WORKBOOK_BYTES or (
        unpacked > SAFE_BYTES and unpacked / packed_size > MAX_RATIO
    ):
        raise InvalidInput(
            f"{path.name} would unpack to {unpacked // 2**20:,} MiB from "
            f"{packed_size // 2**10:,} KiB and is refused. Save the table as CSV, which may be "
            "of any size"
        )


def open_bytes(path: Path) -> IO[bytes]:
    """The file's content, unpacked where it is gzip or a ZIP with one table in it."""
    with path.open("rb") as raw:
        magic = raw.read(4)
    if magic.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    if magic == b"PK\x03\x04" and not _is_workbook(path):
        return _zip_member(path)
    return path.open("rb")


def _zip_member(path: Path) -> IO[bytes]:
    packed = zipfile.ZipFile(path)
    if any(entry.filename == "content.xml" for entry in packed.infolist()):
        raise InvalidInput(
            f"{path.name} is a spreadsheet of LibreOffice (.ods), which is not read. Save it as "
            ".xlsx, or as CSV, and try again"
        )
    tables = [
        entry
        for entry in packed.infolist()
        if not entry.is_dir()
        and entry.filename.lower().endswith((".csv", ".tsv", ".txt", ".geojson", ".json"))
        and not Path(entry.filename).name.startswith(("._", "README", "readme", "LICENSE"))
    ]
    if len(tables) != 1:
        raise InvalidInput(
            f"{path.name} holds {len(tables)} tables. Unpack it and import the one you mean"
        )
    entry = tables[0]
    if entry.file_size > SAFE_BYTES and entry.file_size / max(1, entry.compress_size) > MAX_RATIO:
        raise InvalidInput(
            f"{entry.filename} in {path.name} would unpack to {entry.file_size // 2**20:,} MiB "
            "and is refused. Unpack it yourself and import the table"
        )
    return packed.open(entry)


def encoding_of(path: Path) -> tuple[str, str]:
    """The encoding to read a table with, and a sentence for the person where it is not certain."""
    with open_bytes(path) as file:
        encoding, damaged = encoding_in(file)
    return encoding, _doubt(encoding, damaged)


def _doubt(encoding: str, damaged: int) -> str:
    if damaged:
        return f"the text is UTF-8 with {damaged} damaged bytes; rows that hold them are set aside"
    if encoding in LAST_RESORTS:
        return (
            f"the text is not UTF-8 and was read as {LAST_RESORTS[encoding]}; if names look wrong, "
            "choose another encoding"
        )
    return ""


#: Encodings that are taken where the bytes are not UTF-8, as people know them.
LAST_RESORTS = {"cp1256": "Windows-1256 (Arabic and Dari)", "cp1252": "Windows-1252"}


def encoding_in(file: IO[bytes]) -> tuple[str, int]:
    """The encoding of a stream that is read from its start, and its damaged bytes if it is UTF-8.

    A byte-order mark decides; else UTF-16 shows by its zero bytes; else the bytes are UTF-8 or
    they are not, and then one of `LAST_RESORTS`.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    bad = good = scanned = 0
    sample = b""
    while scanned < SCANNED_BYTES:
        try:
            chunk = file.read(2**20)
        except (EOFError, zlib.error, OSError):  # a cut-off packed file: the rows' reader says so
            break
        if not chunk:
            break
        if not scanned and (marked := _marked(chunk)):
            return marked, 0
        scanned += len(chunk)
        if not chunk.isascii():
            sample = sample or chunk
            try:
                text = decoder.decode(chunk)
                good += sum(1 for c in text if c > "\x7f") if good < 1000 else 0
            except UnicodeDecodeError:
                decoder.reset()
                lenient = chunk.decode("utf-8", "surrogateescape")
                bad += sum(1 for c in lenient if "\udc80" <= c <= "\udcff")
                good += sum(1 for c in lenient if "\x7f" < c < "\ud800")
    if bad == 0 or good > 10 * bad:
        return "utf-8", bad
    return ("cp1256" if _reads_as_arabic(sample) else "cp1252"), 0


def _marked(beginning: bytes) -> str:
    """The encoding that a byte-order mark or the zero bytes of UTF-16 show, "" for neither."""
    for mark, name in _BOMS:
        if beginning.startswith(mark):
            return name
    first, second = beginning[:4000:2], beginning[1:4000:2]
    for high, name in ((second, "utf-16-le"), (first, "utf-16-be")):
        # Of Latin letters the higher byte is 0, of Arabic ones 6, which no text has beside.
        if high.count(0) > 0.4 * len(high) or high.count(0) + high.count(6) > 0.8 * len(high):
            return name
    return ""


#: Letters of the Arabic script that Windows-1256 has.
_ARABIC_WORD = re.compile("[\u0621-\u06d2]{2,}")
_OTHER_WORD = re.compile("[^\\W\\d_\u0621-\u06d2]*[\u00c0-\u0200\u0621-\u06d2][^\\W\\d_]*")


def _reads_as_arabic(sample: bytes) -> bool:
    """Whether bytes that are not UTF-8 make whole words in Arabic letters as Windows-1256.

    A Western word has letters of both scripts then: only some of its own are beyond ASCII.
    """
    text = sample.decode("cp1256", "replace")
    whole = sum(map(len, _ARABIC_WORD.findall(text)))
    mixed = sum(len(word) for word in _OTHER_WORD.findall(text) if not _ARABIC_WORD.fullmatch(word))
    return whole > 3 * mixed


def error_handler(encoding: str) -> str:
    """How undecodable bytes are kept visible: as surrogates where the codec can, else U+FFFD."""
    return "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """The content as text with line ends as they are."""
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise InvalidInput(
            f"'{encoding}' is no known encoding. Try utf-8, utf-16, cp1252, cp1256 or latin-1"
        ) from error
    return io.TextIOWrapper(
        open_bytes(path), encoding=encoding, errors=error_handler(encoding), newline=""
    )


def position(text: io.TextIOWrapper) -> int:
    """Bytes of the file itself read so far, packed or not; 0 where that cannot be told."""
    raw: Any = text.buffer
    inner = getattr(raw, "fileobj", None) or getattr(raw, "_fileobj", None) or raw
    try:
        return int(inner.tell())
    except (OSError, ValueError, AttributeError):
        return 0
