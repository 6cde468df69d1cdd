"""Where exceptions become answers: a page that says what happened, whether the report is safe and what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from forms.refusals import sentence
from forms.words import N_
from intake_app import carry
from intake_app.actions.note_broken_promise import note_broken_promise
from sync.errors import IntakeError, InvalidFields, NoDatabase, NoNetwork, Refused

SAFE = N_("What was saved before is safe on this computer.")
NOT_SAVED = N_("What you just sent was not saved. Everything saved before is safe on this computer.")


@dataclass(frozen=True)
class Words:
    """What an error page says for one status."""

    title: str
    what: str
    todo: str
    safe: str = SAFE


PAGES = {
    400: Words(
        N_("The page was too old"),
        N_("This page was open too long or was opened in another window, so what it sent could not be trusted."),
        N_("Go back, reload the page and send it again."),
        NOT_SAVED,
    ),
    401: Words(N_("Please sign in"), N_("You are not signed in any more."), N_("Sign in and go on.")),
    403: Words(
        N_("Not allowed"),
        N_("Your account may not do this."),
        N_("Ask the administrator of this computer, or sign in with another account."),
    ),
    404: Words(
        N_("Not found"),
        N_("There is nothing at this address."),
        N_("Check the address or the code, or use Search."),
    ),
    405: Words(
        N_("Not possible this way"),
        N_("This address cannot be opened like this, for instance by reloading after sending."),
        N_("Go to the start page and begin from there."),
    ),
    409: Words(
        N_("Not possible now"), N_("The report has changed meanwhile."), N_("Open the report again."), NOT_SAVED
    ),
    413: Words(
        N_("Too much at once"),
        N_("What was sent is larger than this page takes."),
        N_("Go back and shorten the text."),
        NOT_SAVED,
    ),
    422: Words(N_("Some fields do not fit"), N_("Some fields do not fit."), N_("Go back and correct them."), NOT_SAVED),
    429: Words(N_("Too many tries"), N_("There were too many tries."), N_("Wait a little, then try again.")),
    500: Words(
        N_("The program made a mistake"),
        N_("This is our mistake, not yours. It has been written down."),
        N_("Try again. If it happens again, write the matter on paper and call the administrator."),
        N_("What was saved before is safe on this computer. Look in the list whether the last report is there."),
    ),
    503: Words(
        N_("Not reachable now"),
        N_("The centre or the database cannot be reached now."),
        N_("Try again in a few minutes. Reports can be recorded without a network at any time."),
    ),
}
# What one refusal says better than all that have its status.
PAGES_OF_CODE = {
    "report_has_left": Words(
        N_("The report is elsewhere now"),
        N_("This office does not hold the report any more."),
        N_("Give its code when somebody asks for it; the office named here and the centre find it by that."),
        N_("Nothing of it is lost: it lies with its whole history at the centre and at the office named here."),
    ),
}
STATUS_OF_CODE = {
    "not_allowed": 403,
    "no_such_report": 404,
    "report_has_left": 404,
    "no_such_conflict": 404,
    "no_such_batch": 404,
    "no_such_query": 404,
    "no_such_node": 404,
    "no_such_article": 404,
    "no_such_calendar": 404,
    "no_such_deadline_rule": 404,
    "no_such_rule": 404,
    "no_such_shift": 404,
    "no_such_number": 404,
    "unknown_person": 404,
    "bad_code": 404,
    "no_such_draft": 404,
    "no_such_bulletin": 404,
    "export_gone": 404,
    "signed_out": 401,
    "bad_password": 401,
    "throttled": 429,
}


def attach(app: Flask) -> None:
    """Answer every exception here."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(IntakeError, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _mistake)


def status_of(error: IntakeError) -> int:
    """The HTTP status that a refusal has."""
    if isinstance(error, InvalidFields):
        return 422
    if isinstance(error, (NoNetwork, NoDatabase)):
        return 503
    return STATUS_OF_CODE.get(error.code, 409 if isinstance(error, Refused) else 503)


def _refusal(error: IntakeError) -> Response:
    response = _answer(status_of(error), error.code, sentence(error.code, error.params))
    if "seconds" in error.params:
        response.headers["Retry-After"] = str(error.params["seconds"])
    return response


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()
    response = _answer(error.code, error.name.lower().replace(" ", "_"), None)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _stale_form(error: CSRFError) -> Response:
    """A form whose token does not fit: what was typed is shown again with a fresh token, to be sent once more."""
    if wants_json() or not carry.is_ours(request):
        return _answer(400, "stale_form", None)
    return make_response(
        render_template(
            "errors/send_again.html", kept=carry.typed_fields(request), kept_path=request.path, signed_in=False
        ),
        400,
    )


def _mistake(error: Exception) -> Response:
    current_app.logger.exception("unexpected error at %s", request.path)
    try:
        if node := current_app.extensions.get("node"):
            note_broken_promise(node, error)
        return _answer(500, "mistake", None)
    except Exception:
        # The page itself reads the database, which may be what is broken: this one needs nothing.
        current_app.logger.exception("no error page for %s", request.path)
        return make_response(current_app.jinja_env.get_template("errors/bare.html").render(), 500)


def _answer(status: int, code: str, what: str | None) -> Response:
    words = PAGES_OF_CODE.get(code) or PAGES.get(status) or PAGES[500 if status >= 500 else 400]
    if wants_json():
        return make_response(jsonify(error=code, message=what or gettext(words.what)), status)
    return make_response(render_template("errors/page.html", status=status, words=words, what=what), status)


def wants_json() -> bool:
    """Whether a program asked: an address of the API, or a request that prefers JSON to a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.path.startswith("/api/") or best == "application/json"
