using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Configuration;

/// <summary>The issuer and the address of each endpoint: from the settings, never from a request's headers.</summary>
public sealed class ServerUrls(ServerOptions options)
{
    private readonly Uri publicRoot = options.PublicUrl ?? new Uri(options.Issuer!, "/");

    /// <summary>The web origin of the pages, as browsers name it.</summary>
    public Uri PublicRoot => publicRoot;

    private string Root => publicRoot.AbsoluteUri.TrimEnd('/');

    /// <summary>
    /// The issuer identifier, compared by exact text (RFC 8414 §3.3). Without a path it has no final slash, as clients
    /// and metadata tests expect.
    /// </summary>
    public string Issuer { get; } = options.Issuer!.OriginalString.EndsWith('/') && options.Issuer.AbsolutePath == "/"
        ? options.Issuer.OriginalString.TrimEnd('/')
        : options.Issuer.OriginalString;

    /// <summary>False only for development on http://localhost, where browsers get cookies without the <c>__Host-</c> prefix.</summary>
    public bool IsHttps { get; } = options.Issuer!.Scheme == Uri.UriSchemeHttps;

    /// <summary>The issuer's path without slashes around it, empty for most.</summary>
    public string IssuerPath { get; } = options.Issuer!.AbsolutePath.Trim('/');

    /// <summary>
    /// False when the browser came by another host name: its cookies for the public one are not with the request, and cookies of the answer
    /// would be of no use. True proves nothing, as a request may say what it wants.
    /// </summary>
    public bool IsPublicHost(HttpRequest request) => IsPublicHost(request.Host.Value) || IsPublicHost(request.Headers["X-Forwarded-Host"].ToString());

    private bool IsPublicHost(string? host) => Uri.TryCreate($"{publicRoot.Scheme}://{host}", UriKind.Absolute, out var uri)
        && string.Equals(uri.Authority, publicRoot.Authority, StringComparison.OrdinalIgnoreCase);

    private static string WellKnownOf(Uri resource) => new Uri(resource, $"/{Routes.ProtectedResourceMetadata}{resource.AbsolutePath}").AbsoluteUri;

    /// <param name="route">One of <see cref="Routes"/>.</param>
    public string Of(string route) => $"{Root}/{route}";

    /// <summary>Where the metadata of userinfo is (RFC 9728 §3.1): the well-known name stands between host and path.</summary>
    public string UserInfoMetadata => WellKnownOf(new Uri(Of(Routes.UserInfo)));

    /// <summary>The management API as a resource (RFC 8707 §2): what its access tokens name as their audience.</summary>
    public string ManageResource { get; } = new Uri(options.Issuer!, options.Issuer!.AbsolutePath.TrimEnd('/') + "/" + Routes.Manage).AbsoluteUri;

    /// <summary>Where the metadata of the management API is (RFC 9728 §3.1).</summary>
    public string ManageMetadata => WellKnownOf(new Uri(publicRoot, new Uri(ManageResource).AbsolutePath));

    /// <summary>The address of the same endpoint for clients that show their certificate (RFC 8705 §5); null where it has no other one.</summary>
    /// <param name="route">One of <see cref="Routes"/>.</param>
    public string? AliasOf(string route) => options.ClientCertificates.PublicUrl is { } alias ? $"{alias.AbsoluteUri.TrimEnd('/')}/{route}" : null;
}

/// <summary>The last parts of the addresses of account pages to which other pages send people.</summary>
public static class AccountRoutes
{
    public const string Security = "security";
    public const string Totp = "totp";
    public const string Passkeys = "passkeys";
    public const string RecoveryCodes = "recovery-codes";
    public const string Email = "email";
}

/// <summary>
/// The routes. None starts with a slash, <c>admin</c> or <c>runtime</c>: the Functions host refuses these.
/// </summary>
public static class Routes
{
    public const string OpenIdConfiguration = ".well-known/openid-configuration";
    public const string AuthorizationServerMetadata = ".well-known/oauth-authorization-server";
    public const string ProtectedResourceMetadata = ".well-known/oauth-protected-resource";
    public const string Jwks = ".well-known/jwks.json";
    public const string Authorize = "authorize";
    public const string Par = "par";
    public const string Login = "login";
    public const string SignUp = "signup";
    public const string Terms = "terms";
    public const string ForgotPassword = "forgot_password";
    public const string MailLink = MailLinks + "/{purpose}";
    public const string SecondFactor = "second_factor";
    public const string SelectAccount = "select_account";
    public const string Consent = "consent";
    public const string Logout = "logout";
    public const string CheckSession = "check_session";
    public const string Account = "account";
    public const string AccountPage = Account + "/{page}";
    public const string Portal = "apps";
    public const string ChangePassword = ".well-known/change-password";
    public const string PasskeyEndpoints = ".well-known/passkey-endpoints";
    public const string Token = "token";
    public const string UserInfo = "userinfo";
    public const string Introspect = "introspect";
    public const string Revoke = "revoke";
    public const string Register = "register";
    public const string ClientConfiguration = Register + "/{clientId}";
    public const string Manage = "manage";
    public const string ManagePages = Manage + "/{*page}";
    public const string ManageApi = Manage + "/api/v1";
    public const string ManageOperations = ManageApi + "/{*path}";
    public const string GlobalTokenRevocation = "global_token_revocation";
    public const string Health = "health";
    public const string Ready = "health/ready";
    public const string Asset = "assets/{name}";

    private const string MailLinks = "link";

    /// <summary>The address of the page that a link in a mail opens.</summary>
    public static string MailLinkOf(string purpose) => $"{MailLinks}/{purpose}";
}
