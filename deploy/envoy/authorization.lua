-- Runs with `token_cookie`, `own_origin` and `forbidden` in front of it (filters.ts). Writes `authorization` as jwt_authn reads it, which
-- knows "Bearer TOKEN" alone: the scheme may come in any case, with more than one space. adapters/auth/bearer.ts is the same rule in the
-- services. Without the header, a browser's token counts, which is in a cookie; adapters/auth/cookies.ts is that rule in the embedded gateway.

local function cookie(headers)
  for pair in string.gmatch(headers:get('cookie') or '', '[^;]+') do
    local name, value = string.match(pair, '^%s*([^=]+)=([^%s]+)%s*$')
    if name == token_cookie then return value end
  end
end

local harmless = { GET = true, HEAD = true, OPTIONS = true }

local function is_own(headers)
  local origin = headers:get('origin')
  if not origin then return false end
  if own_origin ~= '' and origin == own_origin then return true end
  return string.gsub(origin, '^https?://', '') == headers:get(':authority') and string.sub(own_origin, 1, 6) ~= 'https:'
end

local function by_cookie(handle, headers)
  local path = headers:get(':path') or ''
  if not (string.find(path, '^/v1/') or string.find(path, '^/oidc/') or string.find(path, '^/jari%.')) then return end
  local token = cookie(headers)
  if not token then return end
  if not harmless[headers:get(':method')] and not (headers:get('jari-client') == 'web' and is_own(headers)) then
    return handle:respond({ [':status'] = '403', ['content-type'] = 'application/json' }, forbidden)
  end
  headers:add('authorization', 'Bearer ' .. token)
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local given = headers:getAtIndex('authorization', 0)
  if not given then return by_cookie(handle, headers) end
  -- Of several only the first counts, as in the services.
  if headers:getNumValues('authorization') > 1 then headers:replace('authorization', given) end
  local scheme, token = string.match(given, '^(%a+) +([^%s,]+) *$')
  if scheme and string.lower(scheme) == 'bearer' then headers:replace('authorization', 'Bearer ' .. token) end
end
