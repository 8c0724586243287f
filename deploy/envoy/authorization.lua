-- Writes `authorization` as jwt_authn reads it, which knows "Bearer TOKEN" alone: the scheme may come in any case, with more than one
-- space. adapters/auth/bearer.ts is the same rule in the services.
function envoy_on_request(handle)
  local headers = handle:headers()
  local given = headers:getAtIndex('authorization', 0)
  if not given then return end
  -- Of several only the first counts, as in the services.
  if headers:getNumValues('authorization') > 1 then headers:replace('authorization', given) end
  local scheme, token = string.match(given, '^(%a+) +([^%s,]+) *$')
  if scheme and string.lower(scheme) == 'bearer' then headers:replace('authorization', 'Bearer ' .. token) end
end
