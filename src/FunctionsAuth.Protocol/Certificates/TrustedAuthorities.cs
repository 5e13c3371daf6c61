using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>
/// Verifies the chain of a client's certificate (RFC 8705 §2.1) up to a root in the settings. Intermediate certificates must be in the settings too,
/// because nothing is taken from the client or fetched. So revocation is not checked.
/// </summary>
public sealed class TrustedAuthorities
{
    /// <summary>id-kp-clientAuth of RFC 5280 §4.2.1.12.</summary>
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection roots = [];
    private readonly X509Certificate2Collection others = [];
    private readonly TimeProvider clock;

    public TrustedAuthorities(ServerOptions options, TimeProvider clock)
    {
        this.clock = clock;
        foreach (var authority in options.ClientCertificates.ReadAuthorities())
            (ClientCertificateOptions.IsRoot(authority) ? roots : others).Add(authority);
    }

    /// <summary>The chain is valid now, and all extended key usages in it, if any, allow client authentication.</summary>
    public bool VouchFor(ClientCertificate client)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        try
        {
            return chain.Build(client.Certificate);
        }
        catch (CryptographicException)
        {
            // The content of the certificate does not match its structure.
            return false;
        }
        finally
        {
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
        }
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = clock.GetUtcNow().LocalDateTime,
            ApplicationPolicy = { new Oid(ClientAuthentication) },
        };
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(others);
        return policy;
    }
}
