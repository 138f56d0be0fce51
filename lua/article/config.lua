-- A configuration file is a Lua program: the host runs it and reads the globals it leaves behind.
address = '127.0.0.1'
port = tonumber(os.getenv 'DHCP_PORT') or 6767
