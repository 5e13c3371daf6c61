using System.Diagnostics.CodeAnalysis;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>What passkeys know this server by (WebAuthn §4). It comes from the settings, never from a request.</summary>
public sealed class RelyingParty(ServerUrls urls, ServerOptions options)
{
    /// <summary>Null where there are no passkeys: the settings switch them off, or the server is known by an IP address, for which none can be made.</summary>
    public string? Id { get; } = options.Passkeys.Enabled && urls.PublicRoot.HostNameType == UriHostNameType.Dns ? options.Passkeys.RelyingPartyId ?? urls.PublicRoot.IdnHost : null;

    /// <summary>The one origin whose pages may use them, compared by exact text.</summary>
    public string Origin { get; } = WebOrigin.Of(urls.PublicRoot)!;

    /// <summary>What a person sees when a passkey is made.</summary>
    public string Name { get; } = options.OperatorName ?? urls.PublicRoot.IdnHost;

    [MemberNotNullWhen(true, nameof(Id))]
    public bool HasPasskeys => Id is not null;

    /// <summary>The person has a passkey that signs in here: one for another RP ID does not.</summary>
    public bool HasAnyOf(PersonCredentials person) => HasPasskeys && person.Passkeys.Any(passkey => passkey.RelyingPartyId == Id);
}
