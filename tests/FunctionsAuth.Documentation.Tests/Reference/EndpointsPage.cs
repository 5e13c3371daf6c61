using System.Reflection;
using System.Text.RegularExpressions;
using FunctionsAuth.Functions;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>All functions, and all operations of the management API.</summary>
internal static partial class EndpointsPage
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["AccountEndpoint"] = "The pages on which people look after their own accounts ([Accounts](../accounts.md)).",
        ["ChangePasswordEndpoint"] = "Password managers find the page for changing a password here.",
        ["PasskeyEndpointsEndpoint"] = "Password managers find the page for passkeys here.",
        ["AssetEndpoint"] = "Style sheets and scripts of the pages.",
        ["AuthorizeEndpoint"] = "The authorization endpoint (RFC 6749, section 3.1; OpenID Connect Core).",
        ["CheckSessionEndpoint"] = "The frame of OpenID Connect Session Management. Only with the setting `SessionManagement`.",
        ["ConsentEndpoint"] = "The page on which a person allows a client some scopes ([Consent](../consent.md)).",
        ["HealthEndpoint"] = "Answers as long as the process runs.",
        ["ReadyEndpoint"] = "Checks storage, the public keys and the key vaults. It answers 503 and names what fails.",
        ["IntrospectionEndpoint"] = "Token introspection (RFC 7662, signed answers by RFC 9701).",
        ["JwksEndpoint"] = "The public keys (RFC 7517).",
        ["LoginEndpoint"] = "The page on which a person signs in.",
        ["LogoutEndpoint"] = "Logout at the request of a client (OpenID Connect RP-Initiated Logout, [Logout](../logout.md)).",
        ["ForgotPasswordEndpoint"] = "The page on which a person asks for a link to a new password. Only with mail.",
        ["MailLinkEndpoint"] = "The pages that links in mails open. Only with mail.",
        ["ManageEndpoint"] = "The management API ([The management API](../management-api.md)).",
        ["ManagePagesEndpoint"] = "The pages on which people manage the server ([Manage](../manage.md)).",
        ["GlobalRevocationEndpoint"] = "Another system ends all sessions and tokens of a person ([Global token revocation](../management-api.md#global-token-revocation)).",
        ["MetadataEndpoint"] = "The metadata of the server (OpenID Connect Discovery, RFC 8414). Clients of an issuer with a path look in several places, so there are several paths.",
        ["PortalEndpoint"] = "The page with the apps that a person may use ([The portal](../accounts.md#the-portal)).",
        ["ProtectedResourceEndpoint"] = "The metadata of userinfo and of the management API as protected resources (RFC 9728).",
        ["PushedAuthorizationEndpoint"] = "Pushed authorization requests (RFC 9126).",
        ["RegistrationEndpoint"] = "A client registers itself (RFC 7591, [Registration](../registration.md)).",
        ["ClientConfigurationEndpoint"] = "A client reads, replaces or deletes its own registration (RFC 7592).",
        ["RevocationEndpoint"] = "Token revocation (RFC 7009).",
        ["SecondFactorEndpoint"] = "The page that asks for a second factor ([Second factors](../factors.md)).",
        ["SelectAccountEndpoint"] = "The page on which a person chooses an account.",
        ["SignUpEndpoint"] = "The page on which a person creates an account. Only with the setting `SelfRegistration`.",
        ["TermsEndpoint"] = "The page on which a person accepts the terms of service. Only with the settings `Terms:Address` and `Terms:Version`.",
        ["TokenEndpoint"] = "The token endpoint (RFC 6749, section 3.2).",
        ["UserInfoEndpoint"] = "The claims of the person (OpenID Connect Core, section 5.3).",
        ["KeyRollover"] = "Makes a new version of a signing key when one is due, disables versions that have retired, and keeps copies of the public keys.",
        ["Pruner"] = "Deletes expired records, writes missing indexes, and sends a new message for each delivery whose message was lost.",
        ["OutboxDelivery"] = "Delivers one logout token, mail or webhook event.",
    };

    public static string Write()
    {
        // Built and not started: it says which methods each endpoint takes.
        using var server = LocalServer.Build(new LocalServerOptions());
        return new Page("Reference: endpoints", """
            This page lists every HTTP endpoint, every timer and every operation of the management API. Paths are relative to the public address of the server.
            Clients find the endpoints of OAuth and OpenID Connect in `.well-known/openid-configuration`. [Endpoints](../endpoints.md) is the short overview.
            """)
            .Heading("HTTP endpoints")
            .Paragraph("`errors as` says how an endpoint answers an error: as JSON (RFC 6749), as problem details (RFC 9457) or as a page for a person. `CORS` says which web pages may read its answers.")
            .Table(["path", "methods", "errors as", "CORS", "what it is"], Functions<HttpTriggerAttribute>().GroupBy(function => EndpointOf(function.Method)).Select(endpoint =>
                Row(endpoint.Key, endpoint.Select(function => function.Trigger.Route!), server.Services)))
            .Heading("Timers and the queue")
            .Paragraph("The Functions host starts these. LocalHost runs them at the same times.")
            .Table(["function", "when", "what it does"], Background())
            .Heading("Operations of the management API")
            .Paragraph($"They are below `{Routes.ManageApi}/`. Each needs an access token with the scope of its row. [The management API](../management-api.md) explains how to call them.")
            .Table(["method", "path", "scope", "what it does"], server.Services.GetRequiredService<ManageApi>().Operations.OrderBy(operation => operation.Path, StringComparer.Ordinal).Select(operation =>
                (string[])[operation.Method, $"`{operation.Path}`", $"`{operation.Scope}`", operation.Summary]))
            .ToString();
    }

    private static string[] Row(Type endpoint, IEnumerable<string> routes, IServiceProvider services)
    {
        var rules = ((ServerEndpoint)services.GetRequiredService(endpoint)).Rules;
        var errors = rules.Reader switch { EndpointReader.Person => "page", EndpointReader.Api => "problem details", _ => "JSON" };
        var cors = rules.Cors switch { CorsPolicy.Anyone => "every origin", CorsPolicy.RegisteredOrigins => "origins of the client", _ => "none" };
        return [string.Join(", ", routes.Select(route => $"`{route.Replace("{*", "{", StringComparison.Ordinal)}`")), string.Join(", ", rules.Methods), errors, cors, MeaningOf(endpoint)];
    }

    private static string MeaningOf(Type type) => Meanings.GetValueOrDefault(type.Name) ?? throw new InvalidOperationException($"EndpointsPage says nothing of {type.Name}");

    /// <summary>The endpoint that a function runs: the argument of the pipeline, which is a parameter of the constructor.</summary>
    private static Type EndpointOf(MethodInfo function)
    {
        var source = Repository.Read($"src/FunctionsAuth/Functions/{function.DeclaringType!.Name}.cs");
        var name = Pipeline().Match(source, source.IndexOf($" {function.Name}(", StringComparison.Ordinal)).Groups[1].Value;
        return function.DeclaringType.GetConstructors().Single().GetParameters().Single(parameter => parameter.Name == name).ParameterType;
    }

    private static IEnumerable<string[]> Background()
    {
        foreach (var (method, timer) in Functions<TimerTriggerAttribute>())
            yield return [$"`{NameOf(method)}`", $"`{timer.Schedule}`", MeaningOf(WorkOf(method))];
        foreach (var (method, queue) in Functions<QueueTriggerAttribute>())
            yield return [$"`{NameOf(method)}`", $"a message in the queue `{queue.QueueName}`", MeaningOf(WorkOf(method))];
    }

    private static Type WorkOf(MethodInfo function) => function.DeclaringType!.GetConstructors().Single().GetParameters().Single().ParameterType;

    private static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static IEnumerable<(MethodInfo Method, T Trigger)> Functions<T>()
        where T : Attribute =>
        from type in typeof(TokenFunction).Assembly.GetExportedTypes().OrderBy(type => type.Name, StringComparer.Ordinal)
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where method.GetCustomAttribute<FunctionAttribute>() is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<T>()
        where trigger is not null
        select (method, trigger);

    [GeneratedRegex(@"pipeline\.RunAsync\(request\.HttpContext, (\w+)\)")]
    private static partial Regex Pipeline();
}
