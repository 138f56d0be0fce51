-- What a call costs that does nothing.
function callback() end
