using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;

namespace FunctionsAuth.Conformance.Checks;

/// <summary>X-AERR: an authorization error has the parameters that an error may have, with the characters that they may have.</summary>
internal static class ErrorRedirectCheck
{
    private static readonly string[] Known = ["error", "error_description", "error_uri", "state", "session_state", "iss"];

    public static void Verify(Provider provider, AuthorizationParameters request, IReadOnlyDictionary<string, string> parameters)
    {
        Assert.Contains("error", parameters);
        Assert.Empty(parameters.Keys.Except(Known));
        RedirectCheck.State(request, parameters);
        RedirectCheck.Issuer(provider, parameters);
        Texts(parameters["error"], parameters.GetValueOrDefault("error_description"), parameters.GetValueOrDefault("error_uri"));
    }

    /// <summary>The same rules for the token endpoint's errors (RFC 6749 §4.1.2.1 and §5.2).</summary>
    public static void Texts(string error, string? description, string? uri)
    {
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+\z", error);
        if (description is not null)
            Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+\z", description);
        if (uri is null)
            return;
        Assert.Matches(@"^[\x21\x23-\x5B\x5D-\x7E]+\z", uri);
        Assert.True(Uri.IsWellFormedUriString(uri, UriKind.Absolute), $"The error_uri is no absolute URL: {uri}");
    }
}
