using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Extending;

/// <summary>A client authentication method that nothing of the server knows: docs/extending.md.</summary>
internal sealed class BadgeAuthentication : ClientAuthenticationMethod
{
    public const string Header = "X-Badge";

    public override bool IsUsedBy(HttpRequest request, Parameters form) => request.Headers.ContainsKey(Header);

    public override PresentedCredentials Read(HttpRequest request, Parameters form)
    {
        var badge = request.Headers[Header].ToString();
        return new PresentedCredentials(BadgeFeature.Method, form["client_id"] ?? "", (client, _) => ValueTask.FromResult(badge == $"badge of {client.ClientId}"));
    }
}

public sealed class BadgeFeature : ClientAuthenticationFeature
{
    public const string Method = "badge";

    public override string Name => Method;

    public override IEnumerable<ClientProblem> ProblemsOf(Client client)
    {
        if (client.ClientSecrets.Count > 0)
            yield return new("client_secret", "must be left out, as the client has a badge");
    }

    public override void AddServices(IServiceCollection services) => services.AddSingleton<ClientAuthenticationMethod, BadgeAuthentication>();
}
