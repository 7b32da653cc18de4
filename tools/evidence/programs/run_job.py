# Runs a job:
#
#     run_job.py /jobs/NAME.py
#
# A job has the name of the package that it uses. Its directory is not searched for modules, so that it
# is not imported in place of the package.
import runpy
import sys

runpy.run_path(sys.argv[1], run_name="__main__")
