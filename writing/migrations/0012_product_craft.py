"""A prompt for products that asks for better copy, and keeps closer to the facts."""

from django.db import migrations

FORMER = "Benefits and claims told apart"  # the note of the version that this one follows
OLD_BENEFITS = "8. A benefit may be told"
BENEFITS = """8. Tell what a fact lets the shopper do, where it helps to decide and nobody with the product in hand could deny it: what goes on the hob and into the oven goes from one to the other, a tethered lid stays with the kettle, a resealable bag closes again, a size range grows with a child. How well, how easily, how safely, how long or how often it does so is a claim, as is everything else that a customer could want proof of (that it protects, holds, keeps in place, keeps away, heals, lasts, saves, leaves free; for whom, for what occasion, what goes into it or with it; how a part works, where it sits or what it touches): it stands only where the data states it. What is likely but not stated is left out, and so is what goes without saying (that a grip is held, that a rough surface feels rough, that wide is wider than narrow)."""

OLD_LOOK = "# How good texts look"
LOOK = """# How good texts look
Write as a shop assistant who knows the product explains it to a customer: natural sentences that everybody says in that language. Simple verbs are fine. Nothing that could stand under any product: no "lovely thing", no line of mere liking, no closing line.
- short_description: what it is and the two facts by which somebody would choose it, as one or two flowing sentences.
- description: the first sentence says what the product is, with the fact that makes one want it: its taste, make, origin or what one can do with it. Then one or two short paragraphs on the two to four features that matter most, where it helps with what they let the shopper do (rule 8); facts that belong together in one sentence, spoken to the reader where that is natural. The paragraphs explain, they do not list, and no fact comes twice in them. Then a list with a short heading (h3): every figure and property that a buyer compares, as "name: value", complete, also size, colour, material, care, what is included. Warnings, limits and allergens last, where they are found at once.
- bullet_points: one fact each, the most important first, each a phrase that reads at a glance, with its figure.
- seo: the title starts with what shoppers search for and keeps the brand whole or leaves it out; the description is a sentence that makes sense on its own and names two facts.
- Read it aloud before you answer: every sentence is one that a native speaker would say and a shop would print; strike each remark that would make a shopper smile or wonder, nothing translated word by word, no data squeezed into a sentence where the list serves better."""
NOTE = "Better copy, closer to the facts"


def improve(text):
    rules = text[: text.index(OLD_LOOK)].split("\n")
    return "\n".join(BENEFITS if line.startswith(OLD_BENEFITS) else line for line in rules) + LOOK


def add(apps, schema_editor):
    rows = apps.get_model("writing", "PromptTemplate").objects.using(schema_editor.connection.alias)
    used = rows.filter(kind="product", active=True, note=FORMER).first()
    if used is None:
        return  # staff have published a text of their own
    rows.filter(pk=used.pk).update(active=False)
    last = rows.filter(kind="product").order_by("version").last()
    rows.create(kind="product", version=last.version + 1, text=improve(used.text), active=True, note=NOTE)


def remove(apps, schema_editor):
    rows = apps.get_model("writing", "PromptTemplate").objects.using(schema_editor.connection.alias)
    if rows.filter(kind="product", note=NOTE, active=True).delete()[0]:
        rows.filter(kind="product", note=FORMER).update(active=True)


class Migration(migrations.Migration):
    dependencies = [("writing", "0011_claim_register")]

    operations = [migrations.RunPython(add, remove)]
