using FunctionsAuth.Protocol.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FunctionsAuth.Smtp;

public static class SmtpServices
{
    /// <summary>Sends mail by SMTP, unless the host registered another <see cref="IMailer"/>.</summary>
    public static IServiceCollection AddSmtp(this IServiceCollection services)
    {
        services.TryAddSingleton<IMailer, SmtpMailer>();
        return services;
    }
}
