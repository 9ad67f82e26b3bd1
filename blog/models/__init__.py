"""Posts, their images and templates, and the attempts to publish them."""

from blog.models.image import BlogImage
from blog.models.post import BlogPost
from blog.models.publication import MediaUpload, Publication, PublishedText
from blog.models.stock_photo_key import StockPhotoKey
from blog.models.template import BlogTemplate

__all__ = ["BlogImage", "BlogPost", "BlogTemplate", "MediaUpload", "Publication", "PublishedText", "StockPhotoKey"]
