using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;

namespace FunctionsAuth.Protocol.GrantTypes.Implicit;

/// <summary>
/// Tokens directly from the authorization endpoint: RFC 6749 §4.2, OpenID Connect Core §3.2 and §3.3. Legacy: see <see cref="LegacyOptions"/>. The
/// token endpoint is not involved.
/// </summary>
public sealed class ImplicitFeature : GrantTypeFeature
{
    public override string Name => GrantTypeNames.Implicit;

    public override bool UsesRedirects => true;

    public override bool IsOn(ServerOptions options) => options.Legacy.ImplicitAndHybrid;

    public override string? ProblemOfRegistrant(ServerOptions options) =>
        options.Legacy.ImplicitAndHybrid ? null : "must not be implicit: this server does not return tokens through the browser";
}
