"""Serbian Cyrillic in plain Latin letters without marks, for comparing words and for slugs."""

_LETTERS = "а:a б:b в:v г:g д:d ђ:dj е:e ж:z з:z и:i ј:j к:k л:l љ:lj м:m н:n њ:nj о:o п:p р:r с:s т:t ћ:c у:u ф:f х:h ц:c ч:c џ:dz ш:s"

SERBIAN: dict[str, str] = dict(pair.split(":") for pair in _LETTERS.split())
