namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// Where the server reads the network address of a request. Limits use the address, so that one source cannot use up what all sources share. The audit
/// shows it.
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

    /// <summary>
    /// Where the address is: nowhere (<c>none</c>), in the last entry of <c>X-Forwarded-For</c> (<c>forwarded</c>), or in the headers of Azure Front Door
    /// (<c>front-door</c>). With <c>none</c>, limits use browsers and accounts.
    /// </summary>
    public string Source { get; init; } = None;

    /// <summary>The id of the Front Door profile, as in <c>X-Azure-FDID</c>. It is required with the source <c>front-door</c>, and not allowed with another.</summary>
    public Guid? FrontDoorId { get; init; }

    /// <summary>
    /// The header in which your proxy writes the country of a request (ISO 3166-1, two letters), such as <c>CF-IPCountry</c>. The proxy must replace a
    /// header of that name from a browser. The audit and the account pages show the country.
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
