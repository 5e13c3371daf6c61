using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>Rules for the certificate in a client's registration: RFC 8705 §2.1.2 and §3.4.</summary>
internal static class ClientCertificateRules
{
    private const string Bound = "tls_client_certificate_bound_access_tokens";

    public static IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        // RFC 7800 §3.1: a token is bound to one key.
        if (client is { TlsClientCertificateBoundAccessTokens: true, DpopBoundAccessTokens: true })
            yield return new(Bound, "can't be used together with dpop_bound_access_tokens, because a token is bound to only one key");
        if (client.TlsClientCertificateBoundAccessTokens && client.ResponseTypes.Any(type => ResponseTypeNames.Has(type, Parameter.Token)))
            yield return new(Bound, "can't be used with a response type that includes token");
        if (client.TokenEndpointAuthMethod == AuthMethods.TlsClientAuth)
            yield break;
        foreach (var (member, value) in SubjectsOf(client))
        {
            if (value is not null)
                yield return new(member, $"must be left out, as token_endpoint_auth_method is not {AuthMethods.TlsClientAuth}");
        }
    }

    /// <summary>The members that identify the client's certificate.</summary>
    private static IEnumerable<(string Member, string? Value)> SubjectsOf(Client client) =>
    [
        ("tls_client_auth_subject_dn", client.TlsClientAuthSubjectDn),
        ("tls_client_auth_san_dns", client.TlsClientAuthSanDns),
        ("tls_client_auth_san_uri", client.TlsClientAuthSanUri),
        ("tls_client_auth_san_ip", client.TlsClientAuthSanIp),
        ("tls_client_auth_san_email", client.TlsClientAuthSanEmail),
    ];
}
