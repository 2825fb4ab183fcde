"""The screens of the tablet: they draw what the presenters tell them and relay what fingers do. Kivy
lives here.
"""
