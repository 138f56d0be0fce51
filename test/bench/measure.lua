-- Runs a program, and says how much processor time it took, its compilation included:
--
--   luajit measure.lua PROGRAM SIZE
local file, size = ...
arg = { [0] = file, size }
local start = os.clock()
dofile(file)
print(('time %.3f'):format(os.clock() - start))
