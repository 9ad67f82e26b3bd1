"""Which file: the format, the languages and the store view."""

from dataclasses import asdict, dataclass

from catalog.files.translations.formats import FORMATS, Format
from projects import languages
from projects.models import Project
from scribe.errors import InvalidInput
from scribe.messages import _
from writing.translation.files.rows import Head


@dataclass(frozen=True, slots=True)
class AskedFile:
    """A file of translations from the project's main language into `language`. Both are our codes. `view` is the code of a
    store view, for the format that has them."""

    format: str
    language: str
    main: str
    view: str = ""
    file_key: str = ""  # where the file waits for its job

    @classmethod
    def of(cls, project: Project, *, format: str, language: str, view: str = "", at: str = "?") -> "AskedFile":
        """What a request asks for. `at` begins the pointer of a fault. Raises InvalidInput for an unknown language, the
        project's main one, and a missing store view."""
        code = languages.further(project, language)
        if not code:
            raise InvalidInput.at(
                f"{at}language",
                _("This is the project's main language, so there is nothing to translate."),
                "main_language",
            )
        if FORMATS[format].view and not view.strip():
            raise InvalidInput.at(f"{at}store_view", _("Enter the store view for this language."), "required")
        return cls(format, code, languages.main(project), view.strip())

    @property
    def row(self) -> Format:
        return FORMATS[self.format]

    def head(self, project: Project) -> Head:
        return self.row.head(self.main, self.language, name=project.name, view=self.view)

    def as_dict(self) -> dict[str, str]:
        return asdict(self)
