using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Endpoints.Account;
using FunctionsAuth.Protocol.Endpoints.Assets;
using FunctionsAuth.Protocol.Endpoints.Authorize;
using FunctionsAuth.Protocol.Endpoints.CheckSession;
using FunctionsAuth.Protocol.Endpoints.Consents;
using FunctionsAuth.Protocol.Endpoints.Health;
using FunctionsAuth.Protocol.Endpoints.Introspection;
using FunctionsAuth.Protocol.Endpoints.Login;
using FunctionsAuth.Protocol.Endpoints.Logout;
using FunctionsAuth.Protocol.Endpoints.MailLinks;
using FunctionsAuth.Protocol.Endpoints.Metadata;
using FunctionsAuth.Protocol.Endpoints.Par;
using FunctionsAuth.Protocol.Endpoints.Portal;
using FunctionsAuth.Protocol.Endpoints.Register;
using FunctionsAuth.Protocol.Endpoints.Revocation;
using FunctionsAuth.Protocol.Endpoints.SecondFactor;
using FunctionsAuth.Protocol.Endpoints.SelectAccount;
using FunctionsAuth.Protocol.Endpoints.SignUp;
using FunctionsAuth.Protocol.Endpoints.Terms;
using FunctionsAuth.Protocol.Endpoints.Token;
using FunctionsAuth.Protocol.Endpoints.UserInfo;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.GrantTypes.AuthorizationCode;
using FunctionsAuth.Protocol.GrantTypes.ClientCredentials;
using FunctionsAuth.Protocol.GrantTypes.Implicit;
using FunctionsAuth.Protocol.GrantTypes.Password;
using FunctionsAuth.Protocol.GrantTypes.RefreshToken;
using FunctionsAuth.Protocol.Manage;
using FunctionsAuth.Protocol.Manage.Pages;
using FunctionsAuth.Protocol.Manage.Revocation;

namespace FunctionsAuth.Protocol.Composition;

/// <summary>The list of all features of the server. Add new grant types, authentication methods and endpoints here.</summary>
public static class ServerFeatures
{
    public static FeatureSet All { get; } = new()
    {
        GrantTypes = [new AuthorizationCodeFeature(), new RefreshTokenFeature(), new ClientCredentialsFeature(), new ImplicitFeature(), new PasswordFeature()],
        ClientAuthentication = [new ClientSecretBasicFeature(), new ClientSecretPostFeature(), new ClientSecretJwtFeature(), new PrivateKeyJwtFeature(), new TlsClientAuthFeature(), new SelfSignedTlsClientAuthFeature(), new PublicClient()],
        Endpoints =
        [
            MetadataEndpoint.Feature,
            ProtectedResourceEndpoint.Feature,
            AuthorizeEndpoint.Feature,
            TokenEndpoint.Feature,
            UserInfoEndpoint.Feature,
            JwksEndpoint.Feature,
            PushedAuthorizationEndpoint.Feature,
            IntrospectionEndpoint.Feature,
            RevocationEndpoint.Feature,
            RegistrationEndpoint.Feature,
            ClientConfigurationEndpoint.Feature,
            LoginEndpoint.Feature,
            SecondFactorEndpoint.Feature,
            ForgotPasswordEndpoint.Feature,
            MailLinkEndpoint.Feature,
            SignUpEndpoint.Feature,
            SelectAccountEndpoint.Feature,
            TermsEndpoint.Feature,
            ConsentEndpoint.Feature,
            LogoutEndpoint.Feature,
            CheckSessionEndpoint.Feature,
            AccountEndpoint.Feature,
            PortalEndpoint.Feature,
            ChangePasswordEndpoint.Feature,
            PasskeyEndpointsEndpoint.Feature,
            ManageEndpoint.Feature,
            ManagePagesEndpoint.Feature,
            GlobalRevocationEndpoint.Feature,
            HealthEndpoint.Feature,
            ReadyEndpoint.Feature,
            AssetEndpoint.Feature,
        ],
    };
}
