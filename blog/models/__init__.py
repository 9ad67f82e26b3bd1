"""Posts, their images and templates, and the attempts to publish them."""

from blog.models.image import BlogImage, StockPhotoKey
from blog.models.post import BlogPost, BlogTemplate
from blog.models.publication import MediaUpload, Publication, PublishedText
from blog.models.record import PostEvent
