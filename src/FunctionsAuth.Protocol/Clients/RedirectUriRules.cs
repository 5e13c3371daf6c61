using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>
/// Comparison of redirect URIs: by exact text (RFC 9700 §2.1). Only the port of a loopback URI may differ, as a native
/// app takes whatever port is free (RFC 8252 §7.3), and one without a path equals one with the path "/", which URL libraries add.
/// </summary>
public static class RedirectUriRules
{
    private static readonly string[] LoopbackPrefixes = ["http://127.0.0.1", "http://[::1]", "http://localhost"];

    /// <summary>The parameters that a response can add to a query. The <c>response</c> parameter is a JWT with all the others.</summary>
    private static readonly string[] ResponseParameters =
    [
        Parameter.Code, Parameter.State, Parameter.Iss, Parameter.SessionState, Parameter.Error, Parameter.ErrorDescription, "error_uri", Parameter.Response,
    ];

    public static bool Matches(string registered, string presented)
    {
        if (registered == presented)
            return true;
        var prefix = LoopbackPrefixes.FirstOrDefault(p => HasHost(registered, p));
        return prefix is not null && HasHost(presented, prefix)
            && TryWithoutPort(presented[prefix.Length..], out var rest)
            && TryWithoutPort(registered[prefix.Length..], out var registeredRest)
            && WithPath(rest) == WithPath(registeredRest);
    }

    /// <summary>Whether only the client can receive a response there: an https URI. Another app may claim a loopback port or a private scheme.</summary>
    public static bool AssuresClient(string uri) => uri.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>The reason why a URI cannot be registered, or null when it can. RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1.</summary>
    public static string? ProblemOf(string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || uri.Any(c => c is <= ' ' or >= (char)0x7f))
            return "must be an absolute URI";
        if (uri.Contains('#', StringComparison.Ordinal))
            return "must have no fragment";
        if (parsed.UserInfo.Length > 0)
            return "must not have a user name";
        // Otherwise the parameter would occur twice, and a client that reads the first one would take the registered value for the response.
        if (ResponseParameters.FirstOrDefault(QueryHelpers.ParseQuery(parsed.Query).ContainsKey) is { } parameter)
            return $"must not have the parameter {parameter} in its query, because the authorization response adds it";
        return parsed.Scheme switch
        {
            "https" => null,
            "http" => LoopbackPrefixes.Any(p => HasHost(uri, p)) ? null : "must be https; http is for 127.0.0.1, [::1] and localhost only",
            var scheme => UriSchemes.IsPrivateUse(scheme) ? null : "must be https, http on a loopback host, or a private-use scheme such as com.example.app",
        };
    }

    /// <summary>The same for a client that registered itself: any other app can claim a scheme without a dot too.</summary>
    /// <param name="privateUseSchemes">The schemes without a dot that it may have.</param>
    public static string? ProblemOfRegistrant(string uri, IReadOnlyCollection<string> privateUseSchemes) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && UriSchemes.IsPrivateUse(parsed.Scheme) && !UriSchemes.IsOfADomain(parsed.Scheme) && !privateUseSchemes.Contains(parsed.Scheme)
            ? "must be https, http on a loopback host, or a private-use scheme with a dot, such as com.example.app; without a dot it must be one of Registration:PrivateUseSchemes"
            : null;

    private static bool HasHost(string uri, string prefix) =>
        uri.StartsWith(prefix, StringComparison.Ordinal) && (uri.Length == prefix.Length || uri[prefix.Length] is ':' or '/' or '?');

    private static string WithPath(string afterPort) => afterPort.StartsWith('/') ? afterPort : "/" + afterPort;

    private static bool TryWithoutPort(string afterHost, out string rest)
    {
        rest = afterHost;
        if (!afterHost.StartsWith(':'))
            return true;
        var end = afterHost.AsSpan(1).IndexOfAny('/', '?') is var i and >= 0 ? i + 1 : afterHost.Length;
        rest = afterHost[end..];
        return int.TryParse(afterHost.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535;
    }
}
