"""The component kit: every control of the tablet, each with a role, a name, a value and states."""

from pathlib import Path

from kivy.lang import Builder

from kiosk_app.screens.kit.bars import AlarmBar, StatusLine, TopBar, TrainingBar
from kiosk_app.screens.kit.button import Btn
from kiosk_app.screens.kit.choice import Choice, ChoiceGroup
from kiosk_app.screens.kit.date_boxes import DateBoxes
from kiosk_app.screens.kit.dialog import Dialog
from kiosk_app.screens.kit.drawn_words import let_surfaces_go
from kiosk_app.screens.kit.field import Field
from kiosk_app.screens.kit.keyboard import AzertyKeyboard
from kiosk_app.screens.kit.layout import Column, Fold, Row, TwoColumns
from kiosk_app.screens.kit.notice import ErrorSummary, Notice
from kiosk_app.screens.kit.page import Page
from kiosk_app.screens.kit.qr_view import QrView
from kiosk_app.screens.kit.stepper import Stepper
from kiosk_app.screens.kit.suggest import Suggest
from kiosk_app.screens.kit.summary_row import SummaryRow
from kiosk_app.screens.kit.text import Hint, Title, Txt
from kiosk_app.screens.kit.textbox import TextBox

__all__ = [
    "AlarmBar",
    "AzertyKeyboard",
    "Btn",
    "Choice",
    "ChoiceGroup",
    "Column",
    "DateBoxes",
    "Dialog",
    "ErrorSummary",
    "Field",
    "Fold",
    "Hint",
    "Notice",
    "Page",
    "QrView",
    "Row",
    "StatusLine",
    "Stepper",
    "Suggest",
    "SummaryRow",
    "TextBox",
    "Title",
    "TopBar",
    "TrainingBar",
    "TwoColumns",
    "Txt",
]

Builder.load_file(str(Path(__file__).with_name("kit.kv")))
let_surfaces_go()
