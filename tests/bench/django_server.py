"""The same work in Django's ORM on granian's WSGI: ``python -m tests.bench.django_server ledger.db PORT``.

Middleware: those of Django's own that send the headers the house sends. Connections are kept open.
"""

import sys

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from granian import Granian
from granian.constants import Interfaces

from ledger.intake.urls import normalise_url, url_key


def make_app(file: str) -> WSGIHandler:
    """The application over a ledger's SQLite file."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__ + ".urls",
        SECRET_KEY="bench",
        USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "CONN_MAX_AGE": None}},
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    _routes()
    return get_wsgi_application()


def _routes() -> None:
    """Models and addresses can only be made once Django is set up."""
    import types

    from django.db import models
    from django.urls import path

    class Piece(models.Model):
        publisher_id = models.CharField(max_length=32)
        id = models.CharField(max_length=32, primary_key=True)
        state = models.CharField(max_length=16)
        public_record = models.TextField(null=True)

        class Meta:
            app_label, managed, db_table = "bench", False, "piece"

    class PieceUrl(models.Model):
        publisher_id = models.CharField(max_length=32)
        piece = models.ForeignKey(Piece, models.DO_NOTHING, db_column="piece_id")
        url = models.TextField(primary_key=True)
        url_key = models.BigIntegerField()
        kind = models.CharField(max_length=16)

        class Meta:
            app_label, managed, db_table = "bench", False, "piece_url"

    def look_up(request: HttpRequest) -> HttpResponse:
        url = normalise_url(request.GET["url"])
        places = PieceUrl.objects.select_related("piece").filter(url_key=url_key(url), url=url)
        found = list(places.filter(piece__state="confirmed", piece__public_record__isnull=False)[:20])
        response = HttpResponse(found[0].piece.public_record, content_type="application/json")
        response["Cache-Control"] = "public, max-age=60"
        return response

    urls = types.ModuleType(__name__ + ".urls")
    urls.urlpatterns = [path("api/pieces", look_up), path("", lambda _: HttpResponse(""))]  # type: ignore[attr-defined]
    sys.modules[urls.__name__] = urls


def main() -> None:
    """Serve until told to stop, with one process as the others have."""
    file, port = sys.argv[1:]
    server = Granian("django", port=int(port), interface=Interfaces.WSGI, log_access=False)
    server.serve(target_loader=lambda *_: make_app(file), wrap_loader=False)


if __name__ == "__main__":
    main()
