"""A Pexels on localhost: search, pictures, and the ways in which it fails."""

from __future__ import annotations

from tests.fakes.server import Reply, Request, Server


class Pexels(Server):
    """`key` opens it. `next_replies` are given first, in order; `picture` is what every photo address serves."""

    def __init__(self, *, key: str = "pexels-key", picture: bytes = b"", total: int = 45) -> None:
        super().__init__()
        self.key = key
        self.picture = picture
        self.total = total
        self.next_replies: list[Reply] = []

    async def answer(self, request: Request) -> Reply:
        if request.path.startswith("/photos/"):
            return Reply(200, self.picture, {"content-type": "image/jpeg"})
        if self.next_replies:
            return self.next_replies.pop(0)
        if request.headers.get("authorization") != self.key:
            return Reply(401, {"status": 401, "code": "Unauthorized"})
        if request.path != "/v1/search" or not request.query.get("query"):
            return Reply(400, {"status": 400, "code": "Bad Request"})
        page, size = int(request.query.get("page", 1)), int(request.query.get("per_page", 15))
        first = (page - 1) * size
        ids = range(first + 1, min(first + size, self.total) + 1)
        return Reply(
            200,
            {
                "total_results": self.total,
                "page": page,
                "per_page": size,
                "photos": [self.photo(number) for number in ids],
                "next_page": f"{self.url}/v1/search?page={page + 1}",
            },
            {"x-ratelimit-remaining": "199"},
        )

    def photo(self, number: int) -> dict[str, object]:
        address = self.address(number)
        return {
            "id": number,
            "width": 4000,
            "height": 3000,
            "url": f"https://www.pexels.com/photo/{number}/",
            "photographer": f"Photographer {number}",
            "photographer_url": f"https://www.pexels.com/@{number}",
            "photographer_id": number,
            "avg_color": "#978E82",
            "liked": False,
            "alt": "" if number == 2 else f"Photo {number}",
            "src": {size: f"{address}?size={size}" for size in ("original", "large2x", "large", "medium", "small")},
        }

    def address(self, number: int) -> str:
        return f"{self.url}/photos/{number}/photo.jpeg"
