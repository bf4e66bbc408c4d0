"""Pictures: decoded, turned the right way up and written anew, so that nothing but what can be seen is kept."""

import io
from dataclasses import dataclass
from threading import BoundedSemaphore

from PIL import Image, ImageOps

from forum.attachments.models import FileType

# Pixels along the longer side: of what is kept, and of what stands under a post.
LONGEST_SIDE, LONGEST_SMALL = 2048, 800
# Asked of the header, before anything is decoded: as many as a phone's camera has. A JPEG is decoded at a part of its
# size, any other picture whole, and its pixels stand there twice at four bytes each while it is made smaller.
MOST_PIXELS, MOST_WHOLE = 50_000_000, 25_000_000
_AT_ONCE = BoundedSemaphore(1)
_KEPT_AS = {"JPEG": FileType.JPEG, "PNG": FileType.PNG, "GIF": FileType.PNG, "WEBP": FileType.WEBP}
_WRITTEN_AS = {FileType.JPEG: "JPEG", FileType.PNG: "PNG", FileType.WEBP: "WEBP"}


@dataclass(frozen=True, slots=True)
class Picture:
    type: FileType
    data: bytes
    small: bytes
    width: int
    height: int


def is_picture(data: bytes) -> bool:
    """As its first bytes have it."""
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))


def is_too_large(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=list(_KEPT_AS)) as image:
            return image.width * image.height > (MOST_PIXELS if image.format == "JPEG" else MOST_WHOLE)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return True
    except Exception:
        return False


def read_picture(data: bytes) -> Picture | None:
    """Of what moves, the first frame. None where it cannot be decoded: the decoders raise whatever they like."""
    with _AT_ONCE:
        try:
            with Image.open(io.BytesIO(data), formats=list(_KEPT_AS)) as image:
                return _written_anew(image)
        except Exception:
            return None


def _written_anew(image: Image.Image) -> Picture:
    type_ = _KEPT_AS[image.format or ""]
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
    # Before it is turned: a large JPEG is then never decoded whole.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    whole = ImageOps.exif_transpose(image).convert("RGBA" if clear and type_ is not FileType.JPEG else "RGB")
    whole.info.clear()
    small = whole.copy()
    small.thumbnail((LONGEST_SMALL, LONGEST_SMALL), Image.Resampling.LANCZOS)
    data = _bytes(whole, _WRITTEN_AS[type_], 85, profile)
    return Picture(type_, data, _bytes(small, "WEBP", 80, profile), whole.width, whole.height)


def _bytes(image: Image.Image, written_as: str, quality: int, profile: bytes | None) -> bytes:
    stream = io.BytesIO()
    image.save(stream, written_as, quality=quality, icc_profile=profile)
    return stream.getvalue()
