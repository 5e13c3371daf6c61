namespace FunctionsAuth.Protocol.Errors;

/// <summary>Where an authorization response goes, be it an error: a redirect URI that is known to be the client's.</summary>
/// <param name="RedirectUri">As the request had it, or the client's only one.</param>
/// <param name="ResponseMode">One of <see cref="ResponseModes"/>.</param>
/// <param name="State">Given back unchanged, and only if it was sent.</param>
public record RedirectTarget(string RedirectUri, string ResponseMode, string? State);
