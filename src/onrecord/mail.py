"""Sends the desk's few letters: one-time links, through the SMTP server that the settings name."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from onrecord.errors import NewsroomError
from onrecord.settings import MailSettings

__all__ = ["MailError", "send"]

TIMEOUT_SECONDS = 15


class MailError(NewsroomError):
    """A letter could not be sent; the message names neither address nor text."""


def send(settings: MailSettings, *, to: str, subject: str, text: str) -> None:
    """Sends one letter of plain text, over TLS where the server offers it.

    Raises `MailError`, whatever went wrong; header fields with line ends are refused.
    """
    letter = EmailMessage()
    try:
        # The library refuses LF but takes a bare CR, which some servers end a line at.
        if not (settings.sender + to + subject).isprintable():
            raise ValueError("a header field holds a control character")  # noqa: TRY301
        letter["From"] = settings.sender
        letter["To"] = to
        letter["Subject"] = subject
        letter.set_content(text)
        with smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS) as server:
            if server.has_extn("starttls") or _offers_tls(server):
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, settings.password)
            server.send_message(letter)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailError(
            f"a letter could not be sent ({type(error).__name__}); look at the settings [mail]"
        ) from None


def _offers_tls(server: smtplib.SMTP) -> bool:
    server.ehlo_or_helo_if_needed()
    return server.has_extn("starttls")
