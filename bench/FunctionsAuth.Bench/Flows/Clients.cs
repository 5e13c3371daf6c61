using FunctionsAuth.Bench.Load;

namespace FunctionsAuth.Bench.Flows;

/// <summary>The clients and the user that every server has: Targets/clients.json, and bench/peers.</summary>
internal static class Clients
{
    public const string RedirectUri = "https://web.example/callback";
    public const string Username = "alice";
    public const string Password = "Correct-Horse-7-Battery";

    public static readonly string Service = Requests.Basic("service", "a-secret-of-the-service-0123456789-abcdef");
    public static readonly string Web = Requests.Basic("web", "a-secret-of-the-web-app-0123456789-abcdef");

    // RFC 7636 appendix B.
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// <summary>What the web app asks for: an ID token and a refresh token.</summary>
    public static string SilentRequest { get; } = string.Join('&',
        "client_id=web", "response_type=code", "scope=openid%20offline_access", $"redirect_uri={Uri.EscapeDataString(RedirectUri)}",
        $"code_challenge={Challenge}", "code_challenge_method=S256", "state=some-state", "nonce=some-nonce");

    /// <summary>The same, and the person is asked.</summary>
    public static string AuthorizationRequest { get; } = $"{SilentRequest}&prompt=consent";
}
