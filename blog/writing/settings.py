"""The settings that a post is written with."""

from blog import templates
from blog.models import BlogPost
from projects import writing_settings
from scribe.errors import InvalidInput
from scribe.messages import _
from writing.settings import WritingSettings, resolve

SETTING_KEYS = ("ai_provider", "ai_model", "language", "tone", "custom_instructions")


def settings_of(post: BlogPost) -> WritingSettings:
    """Resolve settings from the post's `ai_settings`, then its template, then the project's levels. Custom instructions
    of the post (else of the levels) and of the template are joined. The project's learned rules and glossary come with
    them. A translation keeps its language. Raises InvalidInput for a value that is no text."""
    asked = {k: v for k, v in (post.ai_settings or {}).items() if k in SETTING_KEYS and v not in (None, "")}
    if post.original_id:
        asked["language"] = post.language
    for key, value in asked.items():
        if not isinstance(value, str):
            raise InvalidInput.at(f"#/ai_settings/{key}", _("Enter a text."), "invalid")
    project, template = post.project, post.template
    notes = [asked.get("custom_instructions", ""), templates.instructions(template)]
    levels = writing_settings.levels(project)
    if template is not None and any(notes):
        if not notes[0]:
            notes[0] = str(
                next((level["custom_instructions"] for level in levels if level.get("custom_instructions")), "")
            )
        asked = {**asked, "custom_instructions": "\n".join(note for note in notes if note)}
    settings = resolve(
        project.organization,
        *writing_settings.forced_levels(project),
        asked,
        {"tone": template.tone} if template and template.tone else {},
        *levels,
        shop=writing_settings.shop_of(project),
    )
    return writing_settings.with_terms(settings, project)
