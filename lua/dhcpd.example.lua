-- A configuration for `cdef dhcpd --config FILE.lua`. Globals are settings, functions decide; docs/dhcpd.md has all of them.

network = '192.0.2.0/24'
pools = { '192.0.2.100-192.0.2.199' }
options = { router = '192.0.2.1', dns_server = { '192.0.2.1', '9.9.9.9' }, domain_name = 'example.org' }
lease_time = 12 * 3600

reservations = {
  { hardware = '02:00:00:00:00:01', address = '192.0.2.10', host_name = 'printer' },
  { client_id = 'ff:00:00:00:01:00:01', options = { domain_name = 'lab.example.org' } },
}

store = { path = os.getenv 'STATE_DIRECTORY' or 'leases' }
metrics = { port = 9547 }

-- Asked for every DISCOVER, before an address is chosen.
function on_discover(request, reply)
  local vendor = request.options.vendor_class
  if vendor == 'toaster' then return false, 'no toasters' end
  if vendor and vendor:sub(1, 9) == 'PXEClient' then
    reply.next_server, reply.boot_file = '192.0.2.5', 'pxelinux.0'
  end
  if request.hardware:sub(1, 8) == '02:aa:00' then reply.lease_time = 600 end
end

-- What was offered is also what is granted.
on_request = on_discover
