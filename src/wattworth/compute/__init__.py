"""Random streams, blocks of draws and compiled kernels: where every run gets its bits and its speed.

Import the module that is needed; ``kernels`` loads the compiler, the others do not.
"""
