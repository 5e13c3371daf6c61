namespace FunctionsAuth.Protocol.Scopes;

/// <summary>The scopes of OpenID Connect Core §5.4 and §11, and the claims that each stands for.</summary>
public static class StandardScopes
{
    public const string OpenId = "openid";
    public const string OfflineAccess = "offline_access";

    private static readonly Dictionary<string, Scope> ByName = new Scope[]
    {
        new() { Name = OpenId, Claims = ["sub"] },
        new() { Name = OfflineAccess },
        new()
        {
            Name = "profile",
            DisplayName = "Your profile",
            Description = "Name, picture and other details of your profile",
            Claims =
            [
                "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
                "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
            ],
        },
        new() { Name = "email", DisplayName = "Your email address", Claims = ["email", "email_verified"] },
        new() { Name = "address", DisplayName = "Your postal address", Claims = ["address"] },
        new() { Name = "phone", DisplayName = "Your phone number", Claims = ["phone_number", "phone_number_verified"] },
    }.ToDictionary(scope => scope.Name);

    public static IReadOnlyCollection<Scope> All => ByName.Values;

    public static bool Contains(string name) => ByName.ContainsKey(name);
}
