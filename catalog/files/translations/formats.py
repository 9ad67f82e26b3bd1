"""The formats by name, and which code a platform has for a language in them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from catalog.files.rows import Faults
from catalog.files.translations import wide_table
from catalog.files.translations.long_table import LongTable
from writing import languages
from writing.language_codes import Codes, codes_of
from writing.translation.files.po import Po
from writing.translation.files.rows import Head, TranslationRow
from writing.translation.files.xliff import Xliff


class FileFormat(Protocol):
    """`by` is the key of an item in a new file: `id`, `external_id` or `sku`. `fields` are the generated fields that it
    has a place for; None for all. `whole_items`: a line of it has all texts of an item."""

    @property
    def by(self) -> str: ...

    @property
    def fields(self) -> frozenset[str] | None: ...

    @property
    def whole_items(self) -> bool: ...

    @property
    def extension(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    def write(self, rows: Iterable[TranslationRow], head: Head) -> Iterator[bytes]: ...

    def read(self, file: BinaryIO, faults: Faults, head: Head) -> Iterator[TranslationRow]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format as the API names it. `codes` gives its codes of a language, the usual one first. `view`: a language is a
    store view there, whose code the caller has to name."""

    name: str
    title: str
    file: FileFormat
    codes: Callable[[Codes], tuple[str, ...]] = lambda codes: (codes.ours,)
    view: bool = False

    def head(self, source: str, target: str, *, name: str = "", view: str = "") -> Head:
        """The head of a file between two languages of ours. `view` is the store view's code, where the format has them."""
        if self.view:
            return Head(source, target, view, "", name)
        return Head(source, target, self.codes(codes_of(target))[0], self.codes(codes_of(source))[0], name)

    def speaks(self, code: str, head: Head) -> bool:
        """Whether a row whose language is `code` is a translation into the head's language. A file that does not say its
        language is taken at its word that it is the one."""
        if self.view or not code or code == head.target_code:
            return not code or code == head.target_code
        if code in self.codes(codes_of(head.target)):
            return True
        return any(
            found and found.code == head.target for found in (languages.find(code), languages.find_variant(code))
        )


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format("xliff", "XLIFF 1.2", Xliff("1.2")),
        Format("xliff2", "XLIFF 2.1", Xliff("2.1")),
        Format("po", "PO (gettext)", Po()),
        Format("shopify_csv", "Shopify (CSV)", LongTable(), lambda codes: codes.shopify),
        Format("magento_csv", "Magento (CSV)", wide_table.MAGENTO, view=True),
        Format("wpml_csv", "WPML (CSV)", wide_table.WPML, lambda codes: (codes.wpml,)),
        Format("polylang_csv", "Polylang (CSV)", wide_table.POLYLANG, lambda codes: (codes.slug,)),
    )
}
