using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>The client sends its secret in the body: RFC 6749 §2.3.1.</summary>
public sealed class ClientSecretPost(SharedSecrets secrets) : ClientAuthenticationMethod
{
    public override bool IsUsedBy(HttpRequest request, Parameters form) => form[Parameter.ClientSecret] is not null;

    public override PresentedCredentials Read(HttpRequest request, Parameters form)
    {
        var secret = form[Parameter.ClientSecret]!;
        return new PresentedCredentials(AuthMethods.ClientSecretPost, PublicClient.ClientIdOf(form), (client, _) => ValueTask.FromResult(secrets.IsOf(client, secret)));
    }
}

/// <summary><see cref="ClientSecretPost"/>, as the rest of the server knows it.</summary>
public sealed class ClientSecretPostFeature : SentSecretFeature
{
    public override string Name => AuthMethods.ClientSecretPost;

    public override void AddServices(IServiceCollection services) => services.AddSingleton<ClientAuthenticationMethod, ClientSecretPost>();
}
