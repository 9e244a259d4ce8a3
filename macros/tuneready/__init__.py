"""Should we fine-tune a language model, and are we ready to?"""

__version__ = "0.1.0"
