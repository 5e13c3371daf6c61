namespace FunctionsAuth.Protocol.Claims;

/// <summary>The labels of the claims of OpenID Connect Core §5.1 on pages.</summary>
internal static class ClaimLabels
{
    private static readonly Dictionary<string, Phrase> Labels = new()
    {
        ["name"] = Phrase.Of($"Name"),
        ["given_name"] = Phrase.Of($"First name"),
        ["family_name"] = Phrase.Of($"Last name"),
        ["middle_name"] = Phrase.Of($"Middle name"),
        ["nickname"] = Phrase.Of($"Nickname"),
        ["preferred_username"] = Phrase.Of($"Preferred username"),
        ["profile"] = Phrase.Of($"Address of your page"),
        ["picture"] = Phrase.Of($"Address of your picture"),
        ["website"] = Phrase.Of($"Website"),
        ["gender"] = Phrase.Of($"Gender"),
        ["birthdate"] = Phrase.Of($"Date of birth"),
        ["zoneinfo"] = Phrase.Of($"Time zone"),
        ["locale"] = Phrase.Of($"Language"),
        ["email"] = Phrase.Of($"Email address"),
        ["email_verified"] = Phrase.Of($"Email address is verified"),
        ["phone_number"] = Phrase.Of($"Phone number"),
        ["phone_number_verified"] = Phrase.Of($"Phone number is verified"),
        ["address"] = Phrase.Of($"Postal address"),
        ["street_address"] = Phrase.Of($"Street"),
        ["locality"] = Phrase.Of($"City"),
        ["region"] = Phrase.Of($"Region"),
        ["postal_code"] = Phrase.Of($"Postal code"),
        ["country"] = Phrase.Of($"Country"),
        ["updated_at"] = Phrase.Of($"Last changed"),
    };

    /// <summary>A claim that the operator defined has its name as label.</summary>
    public static Phrase Of(string claim) => Labels.TryGetValue(claim, out var label) ? label : Phrase.Named(claim.Replace('_', ' '));
}
