namespace FunctionsAuth.Protocol.Wire;

/// <summary>Values of <c>prompt</c> (OpenID Connect Core §3.1.2.1).</summary>
public static class PromptNames
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";

    /// <summary>Initiating User Registration via OpenID Connect 1.0 §4.</summary>
    public const string Create = "create";

    private static readonly string[] Always = [None, Login, Consent, SelectAccount];

    /// <param name="canSignUp">Users can create their own accounts. Only then is <see cref="Create"/> supported.</param>
    public static IReadOnlyList<string> For(bool canSignUp) => canSignUp ? [.. Always, Create] : Always;
}
