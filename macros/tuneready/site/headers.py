"""The headers that a host should send, written for the hosts that let a site say so.

A policy inside a page can do less than one in a header: it cannot keep other sites from framing the
page, and nothing in a page asks for https. From one list come `_headers`, which Netlify, Cloudflare
Pages and their like read, and `_nginx.conf`, to be included in a `server` block. Both take it that
the site stands at the root of its host. GitHub Pages reads neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEADERS_FILE = "_headers"
NGINX_FILE = "_nginx.conf"

# What a page of this site never needs. A browser that does not know a name ignores it, aloud in its
# console; so only names that both Chromium and Firefox know or pass over in silence.
DEVICES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")

ALWAYS = {
    # Two years; not for subdomains, which may be other people's.
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{device}=()" for device in DEVICES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A page and its parts may change with any deployment, so a browser asks anew each time (a short
# answer, "304", when nothing has). What stands below a build id never changes.
FOR_EVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"
CACHED = {"/assets/tuneready/*": FOR_EVER, "/sw.js": ASK_ANEW, "/offline.json": ASK_ANEW}

# Stock nginx calls these octet streams, and with `nosniff` no browser runs such a module.
TYPES = {"mjs": "text/javascript"}
COMPRESSED = (
    "application/javascript",
    "application/json",
    "application/wasm",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/javascript",
    "text/plain",
)


def publish(site_dir: Path, policy: str) -> None:
    """Write both files into a finished site, whose pages carry `policy`."""
    always = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'", **ALWAYS}
    (site_dir / HEADERS_FILE).write_text(headers_file(always), encoding="utf-8")
    (site_dir / NGINX_FILE).write_text(nginx_file(always), encoding="utf-8")


def headers_file(always: dict[str, str]) -> str:
    """Return the text of `_headers`.

    These hosts join the values of all rules that match a path, so no two rules that set one header
    may match the same path. For pages they say by themselves that a browser should ask anew.
    """
    rules = [("/*", always)] + [
        (path, {"Cache-Control": cache_control}) for path, cache_control in CACHED.items()
    ]
    return "\n".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in values.items())
        for path, values in rules
    )


def nginx_file(always: dict[str, str]) -> str:
    """Return the text of `_nginx.conf`.

    A block of nginx that adds one header inherits none, so each block says all of them.
    """
    # "always": with error pages, too. But nobody should keep an error page for a year.
    same = [f'add_header {name} "{value}" always;' for name, value in always.items()]
    lines = [
        "# Include this in a server block whose root is the built site. Written by the build.",
        "# Where nginx has its brotli module: brotli on; with the types of gzip.",
        "index index.html;",
        "error_page 404 /404.html;",
        "gzip on;",
        "gzip_vary on;",
        f"gzip_types {' '.join(COMPRESSED)};",
        *same,
        f'add_header Cache-Control "{ASK_ANEW}" always;',
    ]
    for path, cache_control in CACHED.items():
        if cache_control == ASK_ANEW:
            continue
        kept = [*same, f'add_header Cache-Control "{cache_control}";']
        lines += [f"location {path.removesuffix('*')} {{", *(f"  {line}" for line in kept)]
        for suffix, media_type in TYPES.items():
            lines += [
                f"  location ~ \\.{suffix}$ {{",
                "    types { }",
                f"    default_type {media_type};",
                *(f"    {line}" for line in kept),
                "  }",
            ]
        lines.append("}")
    # What tells hosts what to do is none of the reader's business.
    lines += ["location ~ ^/_ {", "  return 404;", "}"]
    return "\n".join(lines) + "\n"
