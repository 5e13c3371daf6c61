namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>What people call the claims of OpenID Connect Core §5.1.</summary>
internal static class ClaimLabels
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["name"] = "Name",
        ["given_name"] = "First name",
        ["family_name"] = "Last name",
        ["middle_name"] = "Middle name",
        ["nickname"] = "Nickname",
        ["preferred_username"] = "Preferred username",
        ["profile"] = "Address of your page",
        ["picture"] = "Address of your picture",
        ["website"] = "Website",
        ["gender"] = "Gender",
        ["birthdate"] = "Date of birth",
        ["zoneinfo"] = "Time zone",
        ["locale"] = "Language",
        ["email"] = "Email address",
        ["email_verified"] = "Email address is verified",
        ["phone_number"] = "Phone number",
        ["phone_number_verified"] = "Phone number is verified",
        ["address"] = "Postal address",
        ["updated_at"] = "Last changed",
    };

    /// <summary>A claim of the operator's own is called by its name.</summary>
    public static string Of(string claim) => Labels.TryGetValue(claim, out var label) ? label : claim.Replace('_', ' ');
}
