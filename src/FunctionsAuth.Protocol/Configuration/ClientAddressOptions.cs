namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// Where the server reads the network address of whoever sends a request. It is used for limits, so that one source can't use up what
/// all have, and it stands in the audit.
/// </summary>
public sealed record ClientAddressOptions
{
    /// <summary>No address is known: limits use browsers and accounts.</summary>
    public const string None = "none";

    /// <summary>The last entry of <c>X-Forwarded-For</c>, which the proxy in front of the server wrote.</summary>
    public const string Forwarded = "forwarded";

    /// <summary>What Azure Front Door says, in requests that prove to come from the profile <see cref="FrontDoorId"/>.</summary>
    public const string FrontDoor = "front-door";

    private static readonly string[] Sources = [None, Forwarded, FrontDoor];

    /// <summary><c>none</c>, <c>forwarded</c> or <c>front-door</c>.</summary>
    public string Source { get; init; } = None;

    /// <summary>The id of the Front Door profile, as it stands in <c>X-Azure-FDID</c>.</summary>
    public Guid? FrontDoorId { get; init; }

    /// <summary>
    /// The header in which the proxy in front of the server writes the country (ISO 3166-1, two letters), such as <c>CF-IPCountry</c>. Null: no
    /// country is known. The proxy must replace what a browser sends under that name.
    /// </summary>
    public string? CountryHeader { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (CountryHeader is { } header && (header.Length is 0 or > 100 || !header.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
            yield return "ClientAddress:CountryHeader must be the name of a header: letters, digits and hyphens";
        if (!Sources.Contains(Source))
            yield return $"ClientAddress:Source must be one of {string.Join(", ", Sources)}";
        if ((Source == FrontDoor) != FrontDoorId.HasValue)
            yield return $"ClientAddress:FrontDoorId must be set with ClientAddress:Source {FrontDoor}, and only then";
    }
}
