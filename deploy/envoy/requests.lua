-- Runs before the transcoder, with three tables in front of it that are generated from the protos (lua.ts): `routes`, `verbs`, `messages`.
-- The transcoder passes over fields that no message has, keeps one of the values of a field that is given twice, and answers HEAD and a wrong
-- method with 404. adapters/gateway/strict.ts holds
-- the same rules for the embedded gateway; tests/contracts/rest-conformance.test.ts compares the two.

local byte, char, find, format, gsub, match, sub = string.byte, string.char, string.find, string.format, string.gsub, string.match, string.sub

local max_depth, max_values = 100, 5000
local told_violations = 20

local function is_utf8(text)
  local at = find(text, '[\128-\255]')
  while at do
    local _, last = find(text, '^[\194-\223][\128-\191]', at)
    if not last then _, last = find(text, '^\224[\160-\191][\128-\191]', at) end
    if not last then _, last = find(text, '^[\225-\236\238\239][\128-\191][\128-\191]', at) end
    if not last then _, last = find(text, '^\237[\128-\159][\128-\191]', at) end
    if not last then _, last = find(text, '^\240[\144-\191][\128-\191][\128-\191]', at) end
    if not last then _, last = find(text, '^[\241-\243][\128-\191][\128-\191][\128-\191]', at) end
    if not last then _, last = find(text, '^\244[\128-\143][\128-\191][\128-\191]', at) end
    if not last then return false end
    at = find(text, '[\128-\255]', last + 1)
  end
  return true
end

local function utf8_of(code)
  if code < 0x80 then return char(code) end
  if code < 0x800 then return char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40) end
  if code < 0x10000 then return char(0xE0 + math.floor(code / 0x1000), 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40) end
  return char(0xF0 + math.floor(code / 0x40000), 0x80 + math.floor(code / 0x1000) % 0x40, 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

local escapes = { ['"'] = '"', ['\\'] = '\\', ['/'] = '/', b = '\b', f = '\f', n = '\n', r = '\r', t = '\t' }

local function unescaped(text)
  local parts, from = {}, 1
  local at = find(text, '\\', 1, true)
  while at do
    parts[#parts + 1] = sub(text, from, at - 1)
    local hex = match(text, '^u(%x%x%x%x)', at + 1)
    local low = hex and match(hex, '^[dD][89abAB]') and match(text, '^\\u([dD][c-fC-F]%x%x)', at + 6)
    if low then
      parts[#parts + 1] = utf8_of(0x10000 + (tonumber(hex, 16) - 0xD800) * 0x400 + tonumber(low, 16) - 0xDC00)
      from = at + 12
    elseif hex then
      parts[#parts + 1] = utf8_of(tonumber(hex, 16))
      from = at + 6
    else
      parts[#parts + 1] = escapes[sub(text, at + 1, at + 1)]
      from = at + 2
    end
    at = find(text, '\\', from, true)
  end
  return table.concat(parts) .. sub(text, from)
end

local function days_in(year, month)
  if month == 2 then return (year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)) and 29 or 28 end
  return (month == 4 or month == 6 or month == 9 or month == 11) and 30 or 31
end

local function is_time(text)
  local year, month, day, hour, minute, second, rest = match(text, '^(%d%d%d%d)%-(%d%d)%-(%d%d)T(%d%d):(%d%d):(%d%d)(.*)$')
  if not year then return false end
  local fraction, offset = match(rest, '^%.?(%d*)(.*)$')
  if #fraction > 9 or (sub(rest, 1, 1) == '.') ~= (#fraction > 0) then return false end
  if offset ~= 'Z' then
    local hours, minutes = match(offset, '^[+-](%d%d):(%d%d)$')
    if not hours or tonumber(hours) > 23 or tonumber(minutes) > 59 then return false end
  end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  return month >= 1 and month <= 12 and day >= 1 and day <= days_in(year, month) and tonumber(hour) < 24 and tonumber(minute) < 60 and tonumber(second) < 60
end

local function is_mask(text)
  if text == '' then return true end
  for name in string.gmatch(gsub(text, ',', '.') .. '.', '([^.]*)%.') do
    if not find(name, '^%l[%w_]*$') or find(name, '_[%u%d_]') or find(name, '_$') then return false end
  end
  return true
end

-- The types that JSON writes as one text. The transcoder reads more than this as such a text, or takes it as an object.
local texts = {
  time = { is_time, 'must be a time that the calendar knows, such as 2027-01-31T09:00:00Z' },
  duration = { function(text) return find(text, '^%-?%d+%.?%d*s$') ~= nil end, 'must be a number of seconds, such as 1.5s' },
  mask = { is_mask, 'must be the names of fields, with commas between them' },
}

local function blame(found, path, description)
  found[#found + 1] = { path, description }
end

-- A field stands once, in the path, the body or the query. `given` says of each path where it stood.
local function blame_twice(found, given, path)
  if given[path] then blame(found, path, 'must be given once') else given[path] = 'body' end
end

local function within(path, name)
  return path == '' and name or path .. '.' .. name
end

local no_json, too_deep, too_many = { 'the body is not JSON' }, { 'the body is over 100 levels deep' }, { 'the body has over 5,000 values' }
local value_at
-- Of the body that is read; nothing else runs until it is.
local values = 0

-- From the opening quote to the place after the closing one.
local function string_at(json, at)
  local from = at + 1
  local next_at = from
  while true do
    local special = find(json, '[%z\1-\31"\\]', next_at)
    if not special then error(no_json) end
    local code = byte(json, special)
    if code == 34 then return sub(json, from, special - 1), special + 1 end
    if code ~= 92 then error(no_json) end
    if find(json, '^u%x%x%x%x', special + 1) then next_at = special + 6
    elseif find(json, '^["\\/bfnrt]', special + 1) then next_at = special + 2
    else error(no_json) end
  end
end

local function blank_end(json, at)
  return find(json, '[^ \t\r\n]', at) or #json + 1
end

local function object_at(json, at, kind, path, depth, found, given)
  at = blank_end(json, at + 1)
  if sub(json, at, at) == '}' then return at + 1 end
  while true do
    if sub(json, at, at) ~= '"' then error(no_json) end
    local name
    name, at = string_at(json, at)
    name = unescaped(name)
    at = blank_end(json, at)
    if sub(json, at, at) ~= ':' then error(no_json) end
    local inner, known = nil, path
    if kind and kind.map then
      inner, known = kind.map, within(path, name)
      blame_twice(found, given, known)
    elseif kind then
      local field = kind.fields[name]
      known = within(path, field and field[1] or name)
      if field then
        inner = field[2]
        blame_twice(found, given, known)
      else
        blame(found, known, 'no such field')
      end
    end
    at = blank_end(json, value_at(json, blank_end(json, at + 1), inner, known, depth + 1, found, given))
    local mark = sub(json, at, at)
    if mark == '}' then return at + 1 end
    if mark ~= ',' then error(no_json) end
    at = blank_end(json, at + 1)
  end
end

local function list_at(json, at, kind, path, depth, found, given)
  at = blank_end(json, at + 1)
  if sub(json, at, at) == ']' then return at + 1 end
  local nth = 0
  while true do
    local item = format('%s[%d]', path, nth)
    if kind and kind ~= 'any' and sub(json, at, at) == '[' then blame(found, item, 'must not be a list') end
    at = blank_end(json, value_at(json, at, kind, item, depth + 1, found, given))
    nth = nth + 1
    local mark = sub(json, at, at)
    if mark == ']' then return at + 1 end
    if mark ~= ',' then error(no_json) end
    at = blank_end(json, at + 1)
  end
end

-- `kind`: what a field holds: a message, a map, 'double', 'scalar', 'any', or the name of one of `texts`; nil for a field that is not known.
function value_at(json, at, kind, path, depth, found, given)
  values = values + 1
  if values > max_values + 1 then error(too_many) end
  if depth > max_depth + 1 and find(json, '^[{%[]', at) then error(too_deep) end
  local mark = sub(json, at, at)
  local text = type(kind) == 'string' and texts[kind] or nil
  if mark == '"' then
    local content, after = string_at(json, at)
    if text and not text[1](content) then blame(found, path, text[2]) end
    if kind == 'double' and find(content, '[xX]') then blame(found, path, 'must be a number') end
    return after
  end
  if mark == '{' then
    if text then blame(found, path, text[2]) end
    if type(kind) == 'string' then kind = nil
    elseif kind and kind.message then kind = messages[kind.message] end
    return object_at(json, at, kind, path, depth, found, given)
  end
  if mark == '[' then return list_at(json, at, kind, path, depth, found, given) end
  local _, last = find(json, '^null', at)
  if last then return last + 1 end
  if text then blame(found, path, text[2]) end
  _, last = find(json, '^true', at)
  if not last then _, last = find(json, '^false', at) end
  if last then return last + 1 end
  _, last = find(json, '^%-?%d+', at)
  if not last or find(json, '^%-?0%d', at) then error(no_json) end
  local _, fraction = find(json, '^%.%d+', last + 1)
  last = fraction or last
  local _, exponent = find(json, '^[eE][+-]?%d+', last + 1)
  return (exponent or last) + 1
end

local function check_body(json, route, found, given)
  values = 0
  local at = blank_end(json, value_at(json, blank_end(json, 1), route.body, route.body_path, 1, found, given))
  if at <= #json then error(no_json) end
end

local function from_query(text)
  return (gsub(gsub(text, '+', ' '), '%%(%x%x)', function(hex) return char(tonumber(hex, 16)) end))
end

local function check_query(query, message, found, given)
  for parameter in string.gmatch(query, '[^&]+') do
    local equals = find(parameter, '=', 1, true)
    if equals ~= 1 then
      local name = from_query(equals and sub(parameter, 1, equals - 1) or parameter)
      local kind, path, listed = { message = message }, '', false
      for part in string.gmatch(name .. '.', '([^.]*)%.') do
        local fields = type(kind) == 'table' and kind.message and messages[kind.message].fields
        local field = fields and fields[part]
        if not field then kind = nil break end
        path, kind, listed = within(path, field[1]), field[2], field[3]
      end
      if not is_utf8(name) then return end
      if kind == nil then blame(found, name, 'no such field')
      elseif not equals then blame(found, path, 'must have a value, as in name=value')
      elseif given[path] and not (listed and given[path] == 'query') then blame(found, path, 'must be given once')
      elseif kind == 'double' and find(parameter, '[xX]', equals) then blame(found, path, 'must be a number')
      elseif texts[kind] and not texts[kind][1](from_query(sub(parameter, equals + 1))) then blame(found, path, texts[kind][2]) end
      if kind ~= nil and equals then given[path] = given[path] or 'query' end
    end
  end
end

local function find_route(path)
  local last_slash = 0
  for at in string.gmatch(path, '()/') do last_slash = at end
  local plain, verb = match(path, '^(.*):([^:]*)$')
  if not plain or #plain < last_slash or not verbs[verb] then plain, verb = path, '' end
  local node = routes[verb]
  local segments = {}
  for segment in string.gmatch(plain, '[^/]+') do segments[#segments + 1] = segment end
  local function search(at, nth)
    if not at then return nil end
    if nth > #segments then return at.ends end
    return search(at.names and at.names[segments[nth]], nth + 1) or search(at.any, nth + 1)
  end
  return search(node, 1)
end

local function quoted(text)
  return '"' .. gsub(text, '[%z\1-\31"\\]', function(each) return format('\\u%04x', byte(each)) end) .. '"'
end

local function refuse(handle, reply, message, violations, more)
  local details = format('{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"%s","domain":"jari","metadata":{}}', reply.reason)
  if violations then
    local told = {}
    for _, each in ipairs(violations) do told[#told + 1] = format('{"field":%s,"description":%s,"reason":""}', quoted(each[1]), quoted(each[2])) end
    details = details .. ',{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[' .. table.concat(told, ',') .. ']}'
  end
  local headers = { [':status'] = tostring(reply.status), ['content-type'] = 'application/json' }
  for name, value in pairs(more or {}) do headers[name] = value end
  handle:respond(headers, format('{"code":%d,"message":%s,"details":[%s]}', reply.code, quoted(message), details))
end

local function malformed(handle, found)
  local told, sentences = {}, {}
  for nth = 1, math.min(#found, told_violations) do
    told[nth] = found[nth]
    sentences[nth] = found[nth][1] .. ': ' .. found[nth][2]
  end
  refuse(handle, replies.malformed, table.concat(sentences, '; '), told)
end

-- Paths that the gateway answers by itself; they have no message.
local own = { ['/livez'] = true, ['/readyz'] = true, ['/.well-known/jwks.json'] = true, ['/openapi.json'] = true }

function envoy_on_request(handle)
  local headers = handle:headers()
  -- Envoy joins the two of a request that names two hosts; adapters/gateway/target.ts is the same rule.
  if find(headers:get(':authority') or '', ',', 1, true) then return refuse(handle, replies.malformed, 'a request may name one host only') end
  if find(headers:get('content-type') or '', '^application/grpc') then return end
  local target = headers:get(':path')
  local path, query = match(target, '^([^?]*)%??(.*)$')
  local method = headers:get(':method')
  if own[path] and (method == 'GET' or method == 'HEAD') then return end
  local methods = own[path] and { routes = {}, allow = own_allow } or find_route(path)
  if not methods then return end
  local route = methods.routes[method]
  if method == 'HEAD' and methods.routes.GET and not methods.routes.GET.streams then
    route = methods.routes.GET
    headers:replace(':method', 'GET')
    handle:streamInfo():dynamicMetadata():set('jari', 'head', true)
  end
  if method == 'OPTIONS' then return handle:respond({ [':status'] = '204', allow = methods.allow }, '') end
  if not route then return refuse(handle, replies.wrong_method, replies.wrong_method.message, nil, { allow = methods.allow }) end

  local found, given = {}, {}
  for _, field in ipairs(route.variables) do given[field] = 'path' end
  local body = handle:body()
  local json = body and body:length() > 0 and body:getBytes(0, body:length()) or nil
  if json then
    if not is_utf8(json) then return end
    local ok, problem = pcall(check_body, json, route, found, given)
    if not ok then
      if type(problem) ~= 'table' then error(problem) end
      return refuse(handle, replies.malformed, problem[1])
    end
  end
  check_query(query, route.message, found, given)
  if #found > 0 then malformed(handle, found) end
end

-- HEAD was asked: the answer to GET, without its body.
function envoy_on_response(handle)
  local asked = handle:streamInfo():dynamicMetadata():get('jari')
  if not asked or not asked.head then return end
  local body = handle:body()
  if not body then return end
  local length = body:length()
  body:setBytes('')
  handle:headers():replace('content-length', tostring(length))
end
