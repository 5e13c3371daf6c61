using FunctionsAuth.Protocol.Certificates;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>The client's TLS connection has a certificate, and the body has its client_id (RFC 8705 §2).</summary>
public abstract class CertificateAuthentication(string name, ClientCertificates certificates) : ClientAuthenticationMethod
{
    public override bool IsOfConnection => true;

    public override bool IsUsedBy(HttpRequest request, Parameters form) => certificates.Read(request.HttpContext) is not null;

    public override PresentedCredentials Read(HttpRequest request, Parameters form)
    {
        var certificate = certificates.Read(request.HttpContext)!;
        return new PresentedCredentials(name, PublicClient.ClientIdOf(form), (client, cancellation) => IsOfAsync(certificate, client, cancellation));
    }

    protected abstract ValueTask<bool> IsOfAsync(ClientCertificate certificate, Client client, CancellationToken cancellation);
}

/// <summary>An authority that this server trusts issued the certificate: RFC 8705 §2.1.</summary>
public sealed class TlsClientAuth(ClientCertificates certificates, TrustedAuthorities authorities) : CertificateAuthentication(AuthMethods.TlsClientAuth, certificates)
{
    protected override ValueTask<bool> IsOfAsync(ClientCertificate certificate, Client client, CancellationToken cancellation) =>
        ValueTask.FromResult(CertificateSubject.IsOf(certificate, client) && authorities.VouchFor(certificate));
}

/// <summary><see cref="TlsClientAuth"/>, as the rest of the server knows it.</summary>
public sealed class TlsClientAuthFeature : ClientAuthenticationFeature
{
    public override string Name => AuthMethods.TlsClientAuth;

    public override bool IsOn(ServerOptions options) => options.ClientCertificates is { IsOn: true, TrustedAuthorities.Count: > 0 };

    public override IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.ClientSecrets.Count > 0)
            yield return new("client_secret", "must be left out, because the client authenticates with its certificate");
        var named = CertificateSubject.All.Where(subject => subject.Of(client) is not null).ToList();
        if (named.Count != 1)
            yield return new("token_endpoint_auth_method", $"{Name} requires exactly one of {string.Join(", ", CertificateSubject.All.Select(subject => subject.Member))}");
        foreach (var subject in named.Where(subject => !subject.IsWellFormed(subject.Of(client)!)))
            yield return new(subject.Member, subject.Form);
    }

    public override void AddServices(IServiceCollection services) => services.AddSingleton<TrustedAuthorities>().AddSingleton<ClientAuthenticationMethod, TlsClientAuth>();
}

/// <summary>The certificate has a key that the client registered: RFC 8705 §2.2. Its issuer and its validity period do not matter.</summary>
public sealed class SelfSignedTlsClientAuth(ClientCertificates certificates, ClientKeys keys) : CertificateAuthentication(AuthMethods.SelfSignedTlsClientAuth, certificates)
{
    protected override async ValueTask<bool> IsOfAsync(ClientCertificate certificate, Client client, CancellationToken cancellation)
    {
        if (CertificateKey.Of(certificate.Certificate) is not { } key)
            return false;
        try
        {
            return (await keys.FindAsync(client, set => set.Has(key), cancellation)).Has(key);
        }
        catch (Fetch.FetchException e)
        {
            throw OAuthError.InvalidClient($"The keys at the jwks_uri of the client cannot be used. {e.Message}", false);
        }
    }
}

/// <summary><see cref="SelfSignedTlsClientAuth"/>, as the rest of the server knows it.</summary>
public sealed class SelfSignedTlsClientAuthFeature : ClientAuthenticationFeature
{
    public override string Name => AuthMethods.SelfSignedTlsClientAuth;

    public override bool IsOpenToRegistrants => true;

    public override bool IsOn(ServerOptions options) => options.ClientCertificates.IsOn;

    public override IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.ClientSecrets.Count > 0)
            yield return new("client_secret", "must be left out, because the client authenticates with its certificate");
        if (client.Jwks is null && client.JwksUri is null)
            yield return new("jwks", $"or jwks_uri is required with {Name}");
    }

    public override void AddServices(IServiceCollection services) => services.AddSingleton<ClientAuthenticationMethod, SelfSignedTlsClientAuth>();
}
