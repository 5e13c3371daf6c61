using FunctionsAuth.Protocol.Grants;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A correct authorization request, in which a test can then change a parameter.</summary>
public sealed class AuthorizationParameters
{
    public const string Verifier = "test-verifier-0123456789-0123456789-0123456789";

    private readonly List<KeyValuePair<string, string>> parameters = [];

    public AuthorizationParameters(string clientId = "web", string? redirectUri = null, string scope = "openid")
    {
        With("client_id", clientId)
            .With("redirect_uri", redirectUri ?? $"https://{clientId}.example/callback")
            .With("response_type", "code")
            .With("scope", scope)
            .With("state", "state-of-the-test")
            .With("nonce", "nonce-of-the-test")
            .With("code_challenge", Pkce.ChallengeOf(Verifier))
            .With("code_challenge_method", "S256");
    }

    public IReadOnlyList<KeyValuePair<string, string>> All => parameters;

    public string Encoded => string.Join('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));

    public string Url => $"{RunningServer.Issuer}/authorize?{Encoded}";

    public string this[string name] => parameters.First(pair => pair.Key == name).Value;

    /// <summary>Sets the parameter, or removes it if the value is null.</summary>
    public AuthorizationParameters With(string name, string? value)
    {
        parameters.RemoveAll(pair => pair.Key == name);
        return value is null ? this : Add(name, value);
    }

    /// <summary>Adds the parameter, even if the request has it already.</summary>
    public AuthorizationParameters Add(string name, string value)
    {
        parameters.Add(new(name, value));
        return this;
    }
}
