"""A web page that was saved or pasted → its main text, and what its head says of it.

The text is found by trafilatura, which is given the tree and never an address: nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree, html
from trafilatura import extract
from trafilatura.baseline import html2txt

from mapapp.domain.problems import InvalidInput
from mapapp.reading.pages import publication
from mapapp.reading.pages.page import Published, Raw
from mapapp.reading.pages.plain import TITLE_TAIL, cleaned, decoded

#: A larger page's text is a news page's no more.
LARGEST_CHARS: Final = 5_000_000

_TAG = re.compile(
    r"<(?:!doctype html|html|head|body|article|section|main|div|p|span|h[1-6]|table|ul|br|a|meta)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile("&(?:zwnj|#8204|#x200c);", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")

#: Names of the tags and properties that hold the day, the likeliest first.
_PUBLISHED_NAMES: Final = (
    "article:published_time", "datepublished", "og:published_time", "date.published",
    "publish-date", "publish_date", "publication_date", "published_time", "pubdate",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date",
    "parsely-pub-date", "sailthru.date", "article.published", "article_date_original",
    "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
_ARTICLE = re.compile(r"Article$|^(?:BlogPosting|Report|LiveBlogPosting|WebPage)$")
_DEEPEST: Final = 12
#: Where so small a share of what a page shows was taken, its reader is told.
_SMALL_SHARE: Final = 0.3
#: The zero-width non-joiner parts Dari words, and trafilatura drops it: a letter that no page of
#: ours has stands for it meanwhile.
_NON_JOINER, _STAND_INS = "\u200c", "ꙮꙬꚀꚂ"


def is_html(text: str) -> bool:
    """Whether a text is a web page, or a piece of one."""
    head = text[:20_000]
    tags = len(_TAG.findall(head))
    return tags > 0 and (head.lstrip()[:1] == "<" or tags >= 5)


def read_html(data: bytes) -> Raw:
    """A page of bytes in the encoding that it declares, or that its bytes show."""
    declared = _DECLARED.search(data[:4096])
    if declared:
        try:
            return html_text(data.decode(declared[1].decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass  # it is not what it says it is: its bytes decide
    text, notices = decoded(data)
    return html_text(text, notices)


def html_text(source: str, notices: tuple[str, ...] = ()) -> Raw:
    """A page given as text. Raises InvalidInput where there is nothing to read in it."""
    if len(source) > LARGEST_CHARS:
        raise InvalidInput("the web page is too large; paste the words of the article instead")
    source = _XML_HEAD.sub("", cleaned(_ENTITY.sub(_NON_JOINER, source)))
    head = _Head(_tree(source))
    stand_in = next((letter for letter in _STAND_INS if letter not in source), _NON_JOINER)
    tree = _tree(source.replace(_NON_JOINER, stand_in))
    body = extract(tree, output_format="txt", include_comments=False, deduplicate=False) or ""
    shown = html2txt(tree)
    body = (body if body.strip() else shown).replace(stand_in, _NON_JOINER)
    if not body.strip():
        raise InvalidInput("the web page holds no text; it may be made by scripts. Paste its words")
    if len(body) < _SMALL_SHARE * len(shown) and len(shown) - len(body) > 1000:
        notices += (
            f"{len(body):,} of the {len(shown):,} characters that the page shows are its article; "
            "if something is missing, paste the words",
        )
    title = head.title()
    return Raw(
        _with_title(body, title), "html", title, head.publisher(), head.published(),
        head.address(), notices,
    )  # fmt: skip


def _tree(source: str) -> html.HtmlElement:
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InvalidInput(
            "the web page cannot be read as HTML; paste the words of the article instead"
        ) from error
    return tree


def _with_title(body: str, title: str) -> str:
    """The text beginning with its headline: paragraphs are counted from it."""
    beginning = " ".join(body[: len(title) + 400].split()).casefold()
    if not title or " ".join(title.split()).casefold() in beginning:
        return body
    return f"{title}\n{body}"


class _Head:
    """What a page says of itself: meta tags, JSON-LD, time elements, links."""

    def __init__(self, tree: html.HtmlElement) -> None:
        self._tree = tree
        self._meta: dict[str, str] = {}
        for tag in tree.iter("meta"):
            name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
            content = (tag.get("content") or "").strip()
            if name and content:
                self._meta.setdefault(name.casefold(), content)
        self._linked = list(self._read_linked())

    def _read_linked(self) -> Iterator[dict[str, Any]]:
        """Objects of JSON-LD that describe an article."""
        for script in self._tree.iter("script"):
            if (script.get("type") or "").casefold() != "application/ld+json":
                continue
            try:
                yield from _articles(json.loads(script.text or ""), _DEEPEST)
            except (ValueError, RecursionError):
                continue  # a page's broken script says nothing

    def title(self) -> str:
        """The headline, without the publisher's name behind it."""
        heads = [" ".join(one.text_content().split()) for one in self._tree.iter("h1")]
        heads = [words for words in heads if words]
        linked = next((one["headline"] for one in self._linked if _text(one.get("headline"))), "")
        title = self._tree.findtext(".//title") or ""
        given = (heads[0] if len(heads) == 1 else "") or self._meta.get("og:title", "") or linked
        words = given or (heads[0] if heads else "") or TITLE_TAIL.sub("", " ".join(title.split()))
        return " ".join(words.split())[:300]

    def publisher(self) -> str:
        """Its name as the page gives it."""
        for one in self._linked:
            who = one.get("publisher")
            who = who[0] if isinstance(who, list) and who else who
            name = who.get("name") if isinstance(who, dict) else who
            if _text(name) and not str(name).startswith(("http:", "https:")):
                return " ".join(str(name).split())[:200]
        for name in ("og:site_name", "dc.publisher", "publisher", "application-name"):
            words = self._meta.get(name, "")
            if words and not words.startswith(("http:", "https:")):
                return " ".join(words.split())[:200]
        return ""

    def published(self) -> Published | None:
        """The day by the first field that holds one."""
        return next((found for found in self._days() if found), None)

    def _days(self) -> Iterator[Published | None]:
        for one in self._linked:
            if _text(one.get("datePublished")):
                yield publication.of_field(one["datePublished"], "JSON-LD datePublished")
        for name in _PUBLISHED_NAMES:
            if name in self._meta:
                yield publication.of_field(self._meta[name], f"meta {name}")
        times = [tag for tag in self._tree.iter("time") if tag.get("datetime")]
        for tag in sorted(times, key=lambda tag: not _is_of_publication(tag)):
            changed = "modif" in _marks(tag) or "updat" in _marks(tag)
            if not changed and (_is_of_publication(tag) or len(times) == 1):
                yield publication.of_field(tag.get("datetime") or "", "a time element")

    def address(self) -> str:
        """The page's own address as it writes it; "" for none."""
        links = [
            tag.get("href") or ""
            for tag in self._tree.iter("link")
            if "canonical" in (tag.get("rel") or "").casefold().split()
        ]
        for found in (*links, self._meta.get("og:url", "")):
            if re.match(r"https?://[^\s<>\"]+$", found.strip()):
                return found.strip()[:2000]
        return ""


def _marks(tag: html.HtmlElement) -> str:
    return f"{tag.get('itemprop') or ''} {tag.get('class') or ''}".casefold()


def _is_of_publication(tag: html.HtmlElement) -> bool:
    return tag.get("pubdate") is not None or "publish" in _marks(tag) or "entry-date" in _marks(tag)


def _articles(found: Any, deepest: int) -> Iterator[dict[str, Any]]:
    if deepest == 0:
        return
    if isinstance(found, list):
        for one in found:
            yield from _articles(one, deepest - 1)
    elif isinstance(found, dict):
        kinds = found.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds):
            yield found
        yield from _articles(found.get("@graph"), deepest - 1)


def _text(found: object) -> bool:
    return isinstance(found, str) and bool(found.strip())
