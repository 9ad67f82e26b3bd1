"""The focus keyphrase, and where a text uses it.

A use is a sentence that has all content words of the phrase, in any order; a sentence can hold several. With `stemming`
the forms of a word count as the word. Words joined by hyphens count as several: "Open-Source-Projekt" equals "Open
Source Projekt".
"""

from collections import Counter
from collections.abc import Sequence

from blog.seo.document import DocumentSentence
from blog.seo.languages import LanguageRules
from blog.seo.sentences import WORD, split


def parts(words: Sequence[str]) -> list[str]:
    """Split the `words` that are joined by hyphens."""
    return [part for word in words for part in word.split("-")]


class Keyphrase:
    def __init__(self, text: str, language: LanguageRules, *, stemming: bool = True) -> None:
        self.text = " ".join(language.fold(text or "").split())
        self.language = language
        self.stemming = stemming and language.known
        self.all_words = tuple(parts(WORD.findall(self.text.lower())))
        content = [w for w in self.all_words if w not in language.function_words]
        self.only_function_words = bool(self.all_words) and not content
        self.words = tuple(dict.fromkeys(content or self.all_words))
        self._stems = tuple(language.stem(w) for w in self.words)
        # A form begins like its stem (in German, except for an umlaut), so only words that begin alike are stemmed.
        self._head = 1 if language.code == "de" else 2
        self._umlauts = {"a": "ä", "o": "ö", "u": "ü"} if language.code == "de" else {}

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def length(self) -> int:
        return len(self.words)

    def _same(self, index: int, word: str) -> bool:
        if word == self.words[index]:
            return True
        return self.stemming and self._begins_alike(index, word) and self.language.stem(word) == self._stems[index]

    def _begins_alike(self, index: int, word: str) -> bool:
        head = self._stems[index][: self._head]
        return word.startswith(head) or word[:1] == self._umlauts.get(head, "-")

    def present(self, words: Sequence[str]) -> int:
        """How many content words of the phrase are among `words`."""
        there = set(parts(words))
        return sum(any(self._same(i, w) for w in there) for i in range(len(self.words)))

    def uses(self, words: Sequence[str]) -> int:
        """How often the whole phrase is in one sentence, given as `words`."""
        there = Counter(parts(words))
        least = there.total()
        for i in range(len(self.words)):
            count = sum(times for w, times in there.items() if self._same(i, w))
            if not count:
                return 0
            least = min(least, count)
        return least if self.words else 0

    def uses_in(self, sentences: Sequence[DocumentSentence]) -> int:
        return sum(self.uses(s.words) for s in sentences)

    def uses_in_text(self, text: str) -> int:
        folded = self.language.fold(text)
        return sum(self.uses(WORD.findall(s.lower())) for s in split(folded, self.language))

    def share_in(self, text: str) -> float:
        """The share of content words, 0 to 1, that `text` has."""
        words = WORD.findall(self.language.fold(text).lower())
        return self.present(words) / len(self.words) if self.words else 0.0

    def in_slug(self, slug: str) -> int:
        """How many content words of the phrase are in the slug, in the forms that words take in slugs."""
        parts = [p for p in self.language.fold(slug).lower().replace("_", "-").split("-") if p]
        joined = f"-{'-'.join(parts)}-"
        found = 0
        for word in self.words:
            forms = self.language.slug_forms(word)
            stems = {self.language.stem(f) for f in forms} if self.stemming else set()
            hyphenated = any(f"-{form}-" in joined for form in forms)
            found += hyphenated or any(self.stemming and self.language.stem(p) in stems for p in parts)
        return found
