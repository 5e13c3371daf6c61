using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Authorize;

/// <summary>Where the answer to an authorization request goes. It exists only once the redirect URI is known to be the client's.</summary>
/// <param name="RedirectUri">As the request had it, or the client's only one.</param>
/// <param name="ResponseMode">One of <see cref="ResponseModes"/>.</param>
/// <param name="State">Given back unchanged, and only if it was sent.</param>
public sealed record AuthorizationTarget(Client Client, string RedirectUri, string ResponseMode, string? State);
