namespace FunctionsAuth.Protocol.Configuration;

/// <summary>What people may change in their own accounts.</summary>
public sealed record AccountOptions
{
    /// <summary>A person proves by a login that is no older than this that nobody else sits at the browser.</summary>
    public static readonly TimeSpan FreshLogin = TimeSpan.FromMinutes(5);

    // Whoever could write these would be somebody else for the apps that believe them, or would sign in by an address that was never verified.
    // A postal address is an object and no text (OpenID Connect Core §5.1.1).
    private static readonly string[] NeverEditable =
        ["sub", "iss", "aud", "exp", "iat", "nbf", "jti", "acr", "amr", "azp", "sid", "auth_time", "updated_at", "scope", "client_id", "roles", "groups", "preferred_username", "email", "email_verified", "phone_number", "phone_number_verified", "address"];

    /// <summary>
    /// The claims that people may change in their own account, separated by spaces. Each value is a text of at most 200 characters. Claims that identify
    /// a person, such as <c>sub</c>, <c>email</c> or <c>roles</c>, are refused.
    /// </summary>
    public string EditableClaims { get; init; } = "name picture locale";

    /// <summary>People may change their own username.</summary>
    public bool MayChangeUsername { get; init; } = true;

    /// <summary>People may delete their own account.</summary>
    public bool MayDelete { get; init; } = true;

    internal IReadOnlyList<string> EditableClaimList => [.. EditableClaims.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];

    internal IEnumerable<string> Problems()
    {
        foreach (var claim in EditableClaimList.Where(claim => NeverEditable.Contains(claim) || !claim.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/')))
            yield return $"Account:EditableClaims must not have {claim}: people can change claims of their profile only, such as name or zoneinfo";
    }
}
