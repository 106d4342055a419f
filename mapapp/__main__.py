"""`python -m mapapp`: the command line."""

import sys

from mapapp.cli import main

sys.exit(main())
