"""A host of product images."""

from __future__ import annotations

import io

from PIL import Image

from tests.fakes.server import Reply, Request, Server


class PictureHost(Server):
    """Serves a small picture at every address that ends in `.jpg`."""

    async def answer(self, request: Request) -> Reply:
        if not request.path.endswith(".jpg"):
            return Reply(404, b"")
        out = io.BytesIO()
        Image.new("RGB", (64, 48), "#884422").save(out, "JPEG")
        return Reply(200, out.getvalue(), {"content-type": "image/jpeg"})
