"""Templates of posts: create and change them, and read what they ask for."""

from django.db import transaction

from accounts.models import Organization
from blog.models import BlogTemplate


@transaction.atomic
def create(*, organization: Organization, **fields: object) -> BlogTemplate:
    if fields.get("is_default"):
        _clear_default(organization)
    return BlogTemplate.objects.create(organization=organization, **fields)


@transaction.atomic
def update(*, template: BlogTemplate, **changes: object) -> BlogTemplate:
    if changes.get("is_default"):
        _clear_default(template.organization)
    for field, value in changes.items():
        setattr(template, field, value)
    template.save(update_fields=[*changes, "updated_at"])
    return template


def _clear_default(organization: Organization) -> None:
    """Unset the organization's default template. The lock on the organization makes concurrent requests take turns."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    BlogTemplate.objects.of(organization).filter(is_default=True).update(is_default=False)


def default_of(organization: Organization) -> BlogTemplate | None:
    return BlogTemplate.objects.of(organization).filter(is_default=True).first()


def _sections(template: BlogTemplate | None) -> list[object]:
    sections = template.structure.get("sections") if template and isinstance(template.structure, dict) else None
    return sections if isinstance(sections, list) else []


def headings(template: BlogTemplate | None) -> list[str]:
    """The section headings that the template's structure asks for, in order."""
    sections = _sections(template)
    named = (s.get("heading") or s.get("title") or s.get("name") if isinstance(s, dict) else s for s in sections)
    return [str(name).strip() for name in named if name and str(name).strip()]


def instructions(template: BlogTemplate | None) -> str:
    """The template's instructions, those of its sections, and the other entries of its structure, as lines."""
    if template is None:
        return ""
    lines = [template.custom_instructions.strip()]
    structure = template.structure if isinstance(template.structure, dict) else {}
    lines += [
        f"Section “{section.get('heading') or section.get('title') or ''}”: {note}"
        for section in _sections(template)
        if isinstance(section, dict) and (note := section.get("instructions") or section.get("description"))
    ]
    for key, value in structure.items():
        if key != "sections" and isinstance(value, str | int | float) and str(value).strip():
            lines.append(f"{str(key).replace('_', ' ')}: {value}")
    return "\n".join(line for line in lines if line)
